#include "actors/runtime/recovery.hpp"

#include "actors/runtime/effect_codec.hpp"
#include "actors/runtime/state_choice.hpp"
#include "events/codec/fields_json.hpp"
#include "events/model/limits.hpp"


namespace reverie::actors::runtime {

using events::fail;
using events::failure_code;
using events::outcome;

namespace {

constexpr std::chrono::milliseconds catch_up_wait{200};
constexpr int empty_reads_max = 25;
constexpr std::size_t tips_max = 262'144;

/// One pass over the records that are not yet applied.
class catch_up {
public:
  catch_up(const node_ports& ports, events::partition_number partition)
      : ports_(ports), partition_(partition), records_(ports.log, partition) {}

  outcome<recovered_partition> run() {
    if (auto opened = open(); !opened) return std::unexpected(opened.error());
    if (auto read = read_to_end(); !read) return std::unexpected(read.error());
    if (auto kept = keep_states(); !kept) return std::unexpected(kept.error());
    for (auto& [id, effect] : pending_) result_.pending.push_back(std::move(effect));
    for (auto& [entity, why] : parked_) result_.parked.emplace_back(entity, why);
    return std::move(result_);
  }

private:
  outcome<void> open() {
    auto chosen = choose_state(ports_, partition_);
    if (!chosen) return std::unexpected(chosen.error());
    result_.store = std::move(chosen->store);
    result_.applied = chosen->applied;
    result_.from = std::move(chosen->from);
    end_ = chosen->log.end;
    if (auto known = result_.store->checkpoints(); known && !known->empty()) result_.checkpoint = shown(known->back());
    result_.rule = events::epoch_rule{result_.applied.pair, {}};
    auto pending = result_.store->pending_effects();
    if (!pending) return std::unexpected(pending.error());
    for (auto& each : *pending) {
      auto id = each.id;
      pending_.emplace(id, std::move(each));
    }
    auto reader = ports_.log->reader(partition_, result_.applied.next);
    if (!reader) return std::unexpected(reader.error());
    result_.reader = std::move(*reader);
    return load_slices();
  }

  outcome<void> load_slices() {
    if (partition_.value != 0) return {};
    auto blob = result_.store->load(control_address(partition_));
    if (!blob) return std::unexpected(blob.error());
    if (!*blob) return {};
    auto mapped = events::from_canonical_json<events::partition::slices_mapped>((*blob)->bytes);
    if (!mapped) return std::unexpected(mapped.error());
    return take_slices(*mapped);
  }

  outcome<void> take_slices(const events::partition::slices_mapped& mapped) {
    auto map = events::slice_map::from_event(mapped, ports_.log->partitions());
    if (!map) return std::unexpected(map.error());
    result_.slices = *map;
    return {};
  }

  outcome<void> read_to_end() {
    std::vector<events::stored_record> batch;
    int empty_reads = 0;
    while (result_.applied.next < end_) {
      batch.clear();
      auto count = result_.reader->read(batch, events::limits::read_batch_records, catch_up_wait);
      if (!count)
        return fail(count.error().code,
                    "the log can't be read at offset " + std::to_string(result_.applied.next.value) + ": " + count.error().message);
      if (*count == 0) {
        if (++empty_reads == empty_reads_max) return fail(failure_code::unavailable, "the log does not give its records");
        continue;
      }
      empty_reads = 0;
      for (const auto& record : batch)
        if (auto taken = take(record); !taken) return taken;
      if (auto written = write_batch(); !written) return written;
    }
    return {};
  }

  outcome<void> take(const events::stored_record& record) {
    const auto& entity = record.content.headers.entity;
    if (auto known = know_tip(entity); !known) return known;
    const auto verdict = result_.rule.admit(record.content);
    ++result_.records;
    result_.applied.next = record.position.offset.next();
    if (verdict == events::record_verdict::gap) park(entity, "a gap in its sequence at " + events::to_string(record.position));
    if (verdict != events::record_verdict::counts) return {};
    auto& tip = result_.tips[entity];
    const bool linked = record.content.headers.previous_hash == tip.hash && events::hash_of(record.content) == record.content.headers.hash;
    tip = {record.content.last_sequence().next(), record.content.headers.hash};
    if (!linked) park(entity, "its chain is broken at " + events::to_string(record.position));
    events::uuid subject;
    if (linked) {
      auto folded = entity.kind == events::entity_kind::partition ? take_control(record) : fold(record, subject);
      if (!folded) {
        if (may_pass(folded.error().code)) return folded;
        park(entity, folded.error().message);
      }
    }
    note_record(written_, record, subject);
    return {};
  }

  outcome<void> know_tip(const events::entity_ref& entity) {
    if (result_.tips.contains(entity)) return {};
    auto tip = result_.store->tip_of(entity);
    if (!tip) return std::unexpected(tip.error());
    auto& known = result_.tips[entity];
    if (!*tip) return {};
    known = {(*tip)->first, (*tip)->second};
    result_.rule.restore(entity, known.next);
    return {};
  }

  outcome<void> take_control(const events::stored_record& record) {
    auto decoded = events::decode_events(record.content.value, {});
    if (!decoded) return std::unexpected(decoded.error());
    for (const auto& each : decoded->events) {
      const auto* mapped = std::get_if<events::partition::slices_mapped>(&each);
      if (mapped == nullptr) continue;
      if (auto taken = take_slices(*mapped); !taken) return taken;
      written_.blobs.push_back(stored_slices(record, *mapped));
    }
    return {};
  }

  outcome<void> fold(const events::stored_record& record, events::uuid& subject) {
    const auto& entity = record.content.headers.entity;
    if (parked_.contains(entity)) return {};
    auto core = core_of(record);
    if (!core) return std::unexpected(core.error());
    const auto opener = opener_from(*ports_.keys, key_access::may_block);
    applied_effects asked;
    std::vector<events::event> bare;
    if ((*core)->last_sequence() >= record.content.last_sequence()) { // the stored state is ahead: it holds this record
      auto decoded = events::decode_events(record.content.value, opener);
      if (!decoded) return std::unexpected(decoded.error());
      bare = decoded->events;
      asked = (*core)->react(with_contexts(record, std::move(decoded->events)));
    } else {
      auto happened = (*core)->read(record, opener);
      if (!happened) return std::unexpected(happened.error());
      for (const auto& each : *happened) bare.push_back(each.payload);
      core_bytes_ -= (*core)->memory_bytes();
      asked = (*core)->apply(record, *happened);
      core_bytes_ += (*core)->memory_bytes();
    }
    subject = subject_of(bare);
    for (const auto& begun : asked.begun) begin(to_pending(begun));
    for (auto id : asked.settled) settle(id);
    return {};
  }

  outcome<entity_core*> core_of(const events::stored_record& record) {
    const auto address = record.content.address();
    auto found = cores_.find(address.entity);
    if (found == cores_.end()) {
      auto loaded = load_stored(*result_.store, *ports_.keys, address, key_access::may_block);
      if (!loaded) return std::unexpected(loaded.error());
      const auto& headers = record.content.headers;
      if ((*loaded)->last_sequence() < headers.first_sequence) {
        entity_tip before{{headers.first_sequence.value - 1}, headers.previous_hash};
        auto folded = fold_up_to(**loaded, before, *result_.store, records_, *ports_.keys, unwritten_of(address));
        if (!folded) return std::unexpected(folded.error());
      }
      found = cores_.emplace(address.entity, std::move(*loaded)).first;
      core_bytes_ += found->second->memory_bytes();
    }
    return found->second.get();
  }

  std::vector<events::history_entry> unwritten_of(const events::entity_address& address) const {
    std::vector<events::history_entry> entries;
    for (const auto& [of, entry] : written_.history)
      if (of == address) entries.push_back(entry);
    return entries;
  }

  void begin(events::pending_effect effect) {
    pending_.insert_or_assign(effect.id, effect);
    changes_.begin(std::move(effect));
  }
  void settle(events::effect_id id) {
    pending_.erase(id);
    changes_.settle(id);
  }
  void park(const events::entity_ref& entity, std::string why) {
    if (auto held = cores_.find(entity); held != cores_.end()) {
      core_bytes_ -= held->second->memory_bytes();
      cores_.erase(held);
    }
    parked_.emplace(entity, std::move(why));
  }

  outcome<void> write_batch() {
    changes_.move_into(written_);
    result_.applied.pair = result_.rule.pair();
    written_.applied = result_.applied;
    if (auto written = result_.store->write(std::move(written_)); !written) return written;
    written_ = {};
    if (result_.tips.size() > tips_max) forget_tips();
    return core_bytes_ > events::limits::entity_memory_budget_bytes / 4 ? keep_states() : outcome<void>{};
  }

  /// All of them are stored now: they are looked up again when they are needed.
  void forget_tips() {
    result_.counted_before = sum_of(result_.counted_before, result_.rule.counted());
    result_.rule = events::epoch_rule{result_.rule.pair(), {}};
    result_.tips.clear();
  }

  outcome<void> keep_states() {
    events::state_batch batch;
    for (const auto& [entity, core] : cores_) {
      if (!core->changed()) continue;
      auto blob = core->save(*ports_.keys, key_access::may_block);
      if (blob) batch.blobs.push_back(std::move(*blob)); // else its events are folded again when it is needed
    }
    cores_.clear();
    core_bytes_ = 0;
    return batch.blobs.empty() ? outcome<void>{} : result_.store->write(std::move(batch));
  }

  const node_ports& ports_;
  events::partition_number partition_;
  record_source records_;
  recovered_partition result_;
  events::log_offset end_{};
  std::unordered_map<events::entity_ref, std::unique_ptr<entity_core>> cores_;
  std::size_t core_bytes_ = 0; ///< of all of them
  std::unordered_map<events::effect_id, events::pending_effect> pending_;
  std::unordered_map<events::entity_ref, std::string> parked_;
  effect_changes changes_;
  events::state_batch written_;
};

} // namespace

events::entity_address control_address(events::partition_number partition) {
  auto entity = events::partition_entity(partition);
  return {entity, entity.id};
}

events::entity_blob stored_slices(const events::stored_record& record, const events::partition::slices_mapped& mapped) {
  events::entity_blob blob;
  blob.address = record.content.address();
  blob.last_sequence = record.content.last_sequence();
  blob.last_hash = record.content.headers.hash;
  blob.bytes = events::to_canonical_json(mapped);
  return blob;
}

events::epoch_rule::counters sum_of(const events::epoch_rule::counters& one, const events::epoch_rule::counters& other) {
  return {one.counted + other.counted, one.fenced + other.fenced, one.repeated + other.repeated, one.gaps + other.gaps};
}

checkpoint_status shown(const events::checkpoint_manifest& manifest) {
  return {manifest.made_at, manifest.applied.next, manifest.generation, manifest.bytes};
}

outcome<recovered_partition> recover_partition(const node_ports& ports, events::partition_number partition) {
  return catch_up{ports, partition}.run();
}

} // namespace reverie::actors::runtime
