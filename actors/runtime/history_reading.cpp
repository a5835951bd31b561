#include "actors/runtime/history_reading.hpp"

#include <algorithm>

namespace reverie::actors::runtime {

using events::fail;
using events::failure_code;
using events::outcome;

namespace {

constexpr std::size_t page_bytes = 4 * 1024 * 1024; ///< of one answer: records of cards or copies are large

/// The first sequence whose record lies after an offset, by halving: history is ordered by both.
outcome<events::sequence_number> first_after(events::state_store& store, const events::entity_address& entity,
                                             events::log_offset after, std::uint64_t end) {
  std::uint64_t low = 1, high = end;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    auto entry = store.history(entity, {middle}, 1);
    if (!entry) return std::unexpected(entry.error());
    if (entry->empty() || entry->front().offset > after) high = middle;
    else low = entry->front().first_sequence.value + entry->front().events;
  }
  return events::sequence_number{low};
}

outcome<std::vector<events::recorded_event>> read_entry(record_source& records, const events::field_opener& opener,
                                                        const events::entity_address& entity, const events::history_entry& entry,
                                                        std::size_t* bytes = nullptr) {
  auto record = records.at(entry.offset);
  if (!record) return std::unexpected(record.error());
  if (record->content.headers.entity != entity.entity || record->content.headers.first_sequence != entry.first_sequence)
    return fail(failure_code::corrupted, "the history of " + events::to_string(entity.entity) + " does not match the log");
  if (bytes != nullptr) *bytes += record->content.value.size();
  auto decoded = events::decode_events(record->content.value, opener);
  if (!decoded) return std::unexpected(decoded.error());
  return with_contexts(*record, std::move(decoded->events));
}

} // namespace

outcome<std::vector<shared_update>> read_entity_history(events::state_store& store, record_source& records,
                                                        events::key_ring& keys, const events::entity_address& entity,
                                                        const std::optional<events::entity_position>& after, std::size_t updates_max,
                                                        const std::vector<events::history_entry>& unwritten) {
  auto tip = store.tip_of(entity.entity);
  if (!tip) return std::unexpected(tip.error());
  const std::uint64_t end = *tip ? (**tip).first.value : 1;
  events::sequence_number from{1};
  const bool by_offset = after && after->sequence.value == 0;
  if (by_offset) {
    auto found = first_after(store, entity, after->record.offset, end);
    if (!found) return std::unexpected(found.error());
    from = *found;
  } else if (after) {
    from = after->sequence.next();
  }
  auto entries = store.history(entity, from, updates_max);
  if (!entries) return std::unexpected(entries.error());
  for (const auto& entry : unwritten) {
    const bool newer = entries->empty() ? entry.first_sequence.value + entry.events > from.value && (!by_offset || entry.offset > after->record.offset)
                                        : entry.first_sequence > entries->back().first_sequence;
    const bool next = entries->empty() || entry.first_sequence.value ==
                                              entries->back().first_sequence.value + entries->back().events;
    if (newer && next && entries->size() < updates_max) entries->push_back(entry);
  }
  const auto opener = opener_from(keys, key_access::may_block);
  std::vector<shared_update> updates;
  std::size_t bytes = 0;
  for (const auto& entry : *entries) {
    if (bytes >= page_bytes) break;
    auto happened = read_entry(records, opener, entity, entry, &bytes);
    if (!happened) return std::unexpected(happened.error());
    const auto position = happened->empty() ? events::log_position{} : happened->front().context.position;
    updates.push_back(std::make_shared<const entity_update>(entity_update{entity, position, std::move(*happened)}));
  }
  return updates;
}

outcome<std::vector<events::recorded_event>> read_event_again(events::state_store& store, record_source& records,
                                                              events::key_ring& keys, const events::entity_address& entity,
                                                              events::sequence_number sequence, std::span<const events::history_entry> unwritten) {
  const auto holds = [sequence](const events::history_entry& each) {
    return each.first_sequence <= sequence && sequence.value < each.first_sequence.value + each.events;
  };
  const auto opener = opener_from(keys, key_access::may_block);
  if (auto found = std::ranges::find_if(unwritten, holds); found != unwritten.end()) return read_entry(records, opener, entity, *found);
  auto entries = store.history(entity, sequence, 1);
  if (!entries) return std::unexpected(entries.error());
  if (entries->empty() || !holds(entries->front()))
    return fail(failure_code::not_found, "event " + std::to_string(sequence.value) + " of " + events::to_string(entity.entity) +
                                             " is not in its history");
  return read_entry(records, opener, entity, entries->front());
}

} // namespace reverie::actors::runtime
