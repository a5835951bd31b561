#include "events/log/memory_state_store.hpp"

#include "events/log/state_hash.hpp"
#include "events/model/limits.hpp"

namespace reverie::events {

outcome<void> memory_state_store::write(const state_batch& batch) {
  std::lock_guard lock(mutex_);
  if (failing_) return fail(*failing_, "told to fail");
  for (const auto& blob : batch.blobs) now_.blobs[{blob.address.slice_key, blob.address.entity}] = blob;
  for (const auto& [address, entry] : batch.history) now_.history[{address, entry.first_sequence}] = entry;
  for (const auto& [command, answer] : batch.answers) now_.answers[command] = answer;
  for (const auto& [entity, tip] : batch.tips) now_.tips[entity] = tip;
  for (const auto& effect : batch.effects_begun) now_.effects[effect.id] = effect;
  for (const auto& id : batch.effects_settled) now_.effects.erase(id);
  if (batch.applied) now_.applied = *batch.applied;
  return {};
}

outcome<std::optional<entity_blob>> memory_state_store::load(const entity_address& address) {
  std::lock_guard lock(mutex_);
  auto found = now_.blobs.find({address.slice_key, address.entity});
  if (found == now_.blobs.end()) return std::optional<entity_blob>{};
  return found->second;
}

outcome<std::optional<stored_answer>> memory_state_store::answer_of(command_id command) {
  std::lock_guard lock(mutex_);
  auto found = now_.answers.find(command);
  if (found == now_.answers.end()) return std::optional<stored_answer>{};
  return found->second;
}

outcome<std::optional<std::pair<sequence_number, chain_hash>>> memory_state_store::tip_of(const entity_ref& entity) {
  std::lock_guard lock(mutex_);
  auto found = now_.tips.find(entity);
  if (found == now_.tips.end()) return std::optional<std::pair<sequence_number, chain_hash>>{};
  return found->second;
}

outcome<std::vector<history_entry>> memory_state_store::history(const entity_address& address, sequence_number from,
                                                                std::size_t entries_max) {
  std::lock_guard lock(mutex_);
  std::vector<history_entry> entries;
  auto place = now_.history.lower_bound({address, from});
  // A record that begins before `from` may still hold it.
  if (place != now_.history.begin()) {
    auto before = std::prev(place);
    const auto& entry = before->second;
    if (before->first.first == address && entry.first_sequence.value + entry.events > from.value) place = before;
  }
  for (; place != now_.history.end() && place->first.first == address && entries.size() < entries_max; ++place) {
    entries.push_back(place->second);
  }
  return entries;
}

outcome<applied_position> memory_state_store::applied() {
  std::lock_guard lock(mutex_);
  return now_.applied;
}

outcome<std::vector<pending_effect>> memory_state_store::pending_effects() {
  std::lock_guard lock(mutex_);
  std::vector<pending_effect> effects;
  for (const auto& [id, effect] : now_.effects) effects.push_back(effect);
  return effects;
}

outcome<void> memory_state_store::for_each_blob(const std::function<bool(const entity_blob&)>& visit) {
  std::vector<entity_blob> blobs;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [key, blob] : now_.blobs) blobs.push_back(blob);
  }
  for (const auto& blob : blobs) {
    if (!visit(blob)) break;
  }
  return {};
}

outcome<void> memory_state_store::for_each_tip(
    const std::function<bool(const entity_ref&, sequence_number, const chain_hash&)>& visit) {
  decltype(now_.tips) tips;
  {
    std::lock_guard lock(mutex_);
    tips = now_.tips;
  }
  for (const auto& [entity, tip] : tips) {
    if (!visit(entity, tip.first, tip.second)) break;
  }
  return {};
}

outcome<checkpoint_manifest> memory_state_store::checkpoint(timestamp now) {
  std::lock_guard lock(mutex_);
  checkpoint_manifest manifest;
  manifest.generation = ++last_generation_;
  manifest.applied = now_.applied;
  manifest.made_at = now;
  state_hasher hasher;
  for (const auto& [key, blob] : now_.blobs) {
    hasher.add(blob);
    manifest.bytes += blob.bytes.size();
  }
  manifest.state_hash = hasher.hex();
  generations_.emplace_back(manifest, now_);
  if (generations_.size() > limits::checkpoint_generations) generations_.erase(generations_.begin());
  return manifest;
}

outcome<std::vector<checkpoint_manifest>> memory_state_store::checkpoints() {
  std::lock_guard lock(mutex_);
  std::vector<checkpoint_manifest> all;
  for (const auto& [manifest, kept] : generations_) all.push_back(manifest);
  return all;
}

void memory_state_store::fall_back() {
  std::lock_guard lock(mutex_);
  now_ = generations_.empty() ? content{} : generations_.back().second;
}

std::shared_ptr<const memory_state_store::content> memory_state_store::kept_content(std::uint64_t generation) const {
  std::lock_guard lock(mutex_);
  for (const auto& [manifest, kept] : generations_)
    if (manifest.generation == generation) return std::make_shared<const content>(kept);
  return nullptr;
}

bool memory_state_store::put_in_place(std::uint64_t generation) {
  auto kept = kept_content(generation);
  if (kept) put_in_place(*kept);
  return kept != nullptr;
}

void memory_state_store::put_in_place(content whole) {
  std::lock_guard lock(mutex_);
  now_ = std::move(whole);
}

void memory_state_store::fail_writes(std::optional<failure_code> code) {
  std::lock_guard lock(mutex_);
  failing_ = code;
}

outcome<std::shared_ptr<state_store>> memory_state_store_factory::open(partition_number partition) { return of(partition); }

std::shared_ptr<memory_state_store> memory_state_store_factory::of(partition_number partition) {
  std::lock_guard lock(mutex_);
  auto& store = stores_[partition];
  if (!store) store = std::make_shared<memory_state_store>();
  return store;
}

} // namespace reverie::events
