#include "events/rocksdb/rocksdb_state_store.hpp"

#include "events/log/state_hash.hpp"
#include "events/rocksdb/rocksdb_status.hpp"
#include "events/rocksdb/state_layout.hpp"

#include <rocksdb/write_batch.h>

namespace reverie::events {

namespace {

constexpr const char* applied_key = "applied";

std::string_view view_of(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

} // namespace

rocksdb_state_store::rocksdb_state_store(std::unique_ptr<state_database> database, state_checkpoints generations,
                                         std::string code_version)
    : database_(std::move(database)), generations_(std::move(generations)), code_version_(std::move(code_version)) {}

std::unexpected<failure> rocksdb_state_store::damaged(std::string_view what) {
  generations_.mark_suspect();
  return fail(failure_code::corrupted, "local state: " + std::string(what) + " is not what was written");
}

std::unexpected<failure> rocksdb_state_store::failed(const rocksdb::Status& status, std::string_view doing) {
  if (status.IsCorruption()) generations_.mark_suspect();
  return failure_of(status, doing);
}

outcome<void> rocksdb_state_store::write(const state_batch& batch) {
  using namespace state_layout;
  rocksdb::WriteBatch changes;
  auto family = [this](state_family which) { return database_->family(which); };
  for (const auto& blob : batch.blobs) changes.Put(family(state_family::blobs), address_key(blob.address), blob_value(blob));
  for (const auto& [address, entry] : batch.history) {
    changes.Put(family(state_family::history), history_key(address, entry.first_sequence), history_value(entry));
  }
  for (const auto& [command, answer] : batch.answers) {
    changes.Put(family(state_family::answers), id_key(command.value), answer_value(answer));
    database_->saw_answer_at(answer.at);
  }
  for (const auto& [entity, tip] : batch.tips) {
    changes.Put(family(state_family::tips), entity_key(entity), tip_value(tip.first, tip.second));
  }
  for (const auto& effect : batch.effects_begun) {
    changes.Put(family(state_family::effects), id_key(effect.id.value), effect_value(effect));
  }
  for (const auto& id : batch.effects_settled) changes.Delete(family(state_family::effects), id_key(id.value));
  if (batch.applied) changes.Put(family(state_family::meta), applied_key, applied_value(*batch.applied));

  std::lock_guard lock(writing_);
  if (broken_) {
    auto resumed = database_->database().Resume();
    if (!resumed.ok()) return failed(resumed, "the local state can't be written yet");
    broken_ = false;
  }
  auto status = database_->database().Write({}, &changes);
  if (status.ok()) return {};
  broken_ = true;
  return failed(status, "can't write the local state");
}

outcome<std::optional<std::string>> rocksdb_state_store::get(state_family family, const std::string& key, const rocksdb::Snapshot* at) {
  rocksdb::ReadOptions options;
  options.snapshot = at;
  std::string value;
  auto status = database_->database().Get(options, database_->family(family), key, &value);
  if (status.IsNotFound()) return std::optional<std::string>{};
  if (!status.ok()) return failed(status, "can't read the local state");
  return std::optional{std::move(value)};
}

outcome<void> rocksdb_state_store::walk(state_family family, const std::string& from, const visitor& visit,
                                        const rocksdb::Snapshot* at) {
  rocksdb::ReadOptions options;
  options.snapshot = at;
  options.fill_cache = false; // a walk over everything would put out what is in use
  std::unique_ptr<rocksdb::Iterator> place(database_->database().NewIterator(options, database_->family(family)));
  for (place->Seek(from); place->Valid(); place->Next()) {
    auto go_on = visit(view_of(place->key()), view_of(place->value()));
    if (!go_on) return std::unexpected(std::move(go_on.error()));
    if (!*go_on) return {};
  }
  if (!place->status().ok()) return failed(place->status(), "can't read the local state");
  return {};
}

outcome<std::optional<entity_blob>> rocksdb_state_store::load(const entity_address& address) {
  auto key = state_layout::address_key(address);
  auto value = get(state_family::blobs, key);
  if (!value) return std::unexpected(std::move(value.error()));
  if (!*value) return std::optional<entity_blob>{};
  auto blob = state_layout::read_blob(key, **value);
  if (!blob) return damaged("the blob of " + to_string(address.entity));
  return blob;
}

outcome<std::optional<stored_answer>> rocksdb_state_store::answer_of(command_id command) {
  auto value = get(state_family::answers, state_layout::id_key(command.value));
  if (!value) return std::unexpected(std::move(value.error()));
  if (!*value) return std::optional<stored_answer>{};
  auto answer = state_layout::read_answer(**value);
  if (!answer) return damaged("an answer");
  return answer;
}

outcome<std::optional<std::pair<sequence_number, chain_hash>>> rocksdb_state_store::tip_of(const entity_ref& entity) {
  auto value = get(state_family::tips, state_layout::entity_key(entity));
  if (!value) return std::unexpected(std::move(value.error()));
  if (!*value) return std::optional<std::pair<sequence_number, chain_hash>>{};
  auto tip = state_layout::read_tip(**value);
  if (!tip) return damaged("the tip of " + to_string(entity));
  return tip;
}

outcome<std::vector<history_entry>> rocksdb_state_store::history(const entity_address& address, sequence_number from,
                                                                 std::size_t entries_max) {
  std::vector<history_entry> entries;
  auto prefix = state_layout::address_key(address);
  // The record that holds `from` may begin before it.
  std::unique_ptr<rocksdb::Iterator> place(database_->database().NewIterator({}, database_->family(state_family::history)));
  place->SeekForPrev(state_layout::history_key(address, from));
  if (place->Valid() && !view_of(place->key()).starts_with(prefix)) place->Next();
  else if (!place->Valid() && place->status().ok()) place->Seek(prefix);
  for (; place->Valid() && view_of(place->key()).starts_with(prefix) && entries.size() < entries_max; place->Next()) {
    auto entry = state_layout::read_history(view_of(place->key()), view_of(place->value()));
    if (!entry) return damaged("the history of " + to_string(address.entity));
    if (entry->first_sequence.value + entry->events > from.value) entries.push_back(*entry);
  }
  if (!place->status().ok()) return failed(place->status(), "can't read the history");
  return entries;
}

outcome<applied_position> rocksdb_state_store::applied() { return applied_at(nullptr); }

outcome<applied_position> rocksdb_state_store::applied_at(const rocksdb::Snapshot* at) {
  auto value = get(state_family::meta, applied_key, at);
  if (!value) return std::unexpected(std::move(value.error()));
  if (!*value) return applied_position{};
  auto applied = state_layout::read_applied(**value);
  if (!applied) return damaged("the applied position");
  return *applied;
}

outcome<std::vector<pending_effect>> rocksdb_state_store::pending_effects() {
  std::vector<pending_effect> effects;
  auto walked = walk(state_family::effects, {}, [&](std::string_view key, std::string_view value) -> outcome<bool> {
    auto effect = state_layout::read_effect(key, value);
    if (!effect) return damaged("an effect");
    effects.push_back(std::move(*effect));
    return true;
  });
  if (!walked) return std::unexpected(std::move(walked.error()));
  return effects;
}

outcome<void> rocksdb_state_store::for_each_blob(const std::function<bool(const entity_blob&)>& visit) {
  return walk_blobs(visit, nullptr);
}

outcome<void> rocksdb_state_store::walk_blobs(const std::function<bool(const entity_blob&)>& visit, const rocksdb::Snapshot* at) {
  return walk(
      state_family::blobs, {},
      [&](std::string_view key, std::string_view value) -> outcome<bool> {
        auto blob = state_layout::read_blob(key, value);
        if (!blob) return damaged("a blob");
        return visit(*blob);
      },
      at);
}

outcome<void> rocksdb_state_store::for_each_tip(
    const std::function<bool(const entity_ref&, sequence_number, const chain_hash&)>& visit) {
  return walk(state_family::tips, {}, [&](std::string_view key, std::string_view value) -> outcome<bool> {
    auto entity = state_layout::read_entity_key(key);
    auto tip = state_layout::read_tip(value);
    if (!entity || !tip) return damaged("a tip");
    return visit(*entity, tip->first, tip->second);
  });
}

outcome<checkpoint_manifest> rocksdb_state_store::checkpoint(timestamp now) {
  std::lock_guard one_at_a_time(checkpointing_);
  auto& database = database_->database();
  // Flushing takes long and goes on beside writes; what is written meanwhile goes with the write-ahead log. Writers wait for the links.
  if (auto flushed = database_->flush(); !flushed.ok()) return failed(flushed, "can't flush the local state");
  const rocksdb::Snapshot* moment = nullptr;
  outcome<std::uint64_t> generation = 0;
  {
    std::lock_guard lock(writing_);
    generation = generations_.link(database);
    moment = database.GetSnapshot();
  }
  auto release = [&](const rocksdb::Snapshot* snapshot) { database.ReleaseSnapshot(snapshot); };
  std::unique_ptr<const rocksdb::Snapshot, decltype(release)> held(moment, release);
  if (!generation) return std::unexpected(std::move(generation.error()));
  checkpoint_manifest manifest;
  manifest.generation = *generation;
  manifest.made_at = now;
  auto applied = applied_at(moment);
  if (!applied) return std::unexpected(std::move(applied.error()));
  manifest.applied = *applied;
  state_hasher hasher;
  auto walked = walk_blobs(
      [&](const entity_blob& blob) {
        hasher.add(blob);
        return true;
      },
      moment);
  if (!walked) return std::unexpected(std::move(walked.error()));
  manifest.state_hash = hasher.hex();
  manifest.code_version = code_version_;
  return generations_.finish(std::move(manifest));
}

outcome<std::vector<checkpoint_manifest>> rocksdb_state_store::checkpoints() {
  std::lock_guard one_at_a_time(checkpointing_);
  return generations_.all();
}

} // namespace reverie::events
