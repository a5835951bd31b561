#pragma once

#include "actors/runtime/entity_core.hpp"
#include "events/log/event_log.hpp"

#include <memory>
#include <vector>

/// Makes a live entity from what is stored: its last blob, then the records after it, read from the log by the entity's history.
namespace reverie::actors::runtime {

/// Single records of one partition by offset; keeps one reader. Not thread-safe; calls block.
class record_source {
public:
  record_source(std::shared_ptr<events::event_log> log, events::partition_number partition)
      : log_(std::move(log)), partition_(partition) {}

  events::outcome<events::stored_record> at(events::log_offset offset);

private:
  std::shared_ptr<events::event_log> log_;
  events::partition_number partition_;
  std::unique_ptr<events::log_reader> reader_;
  events::log_offset next_{};
  std::vector<events::stored_record> buffer_;
};

/// Where an entity stands in the log: what a live one must hold before it takes the next record.
struct entity_tip {
  events::sequence_number last{};
  events::chain_hash hash{};
};

/// Whether what failed may work later, so that it is tried again and nothing is parked for it.
bool may_pass(events::failure_code code);

/// The stored state, or an empty one when there is none that can be used (a broken blob, an older schema, a destroyed key: its
/// events are folded again). Fails only with what may pass: the store, or a key that can't be had now.
events::outcome<std::unique_ptr<entity_core>> load_stored(events::state_store& store, events::key_ring& keys,
                                                          const events::entity_address& address, key_access access);

/// Folds the records between the state and `tip`; `unwritten` are history entries that the store does not have yet. Blocks.
events::outcome<void> fold_up_to(entity_core& core, const entity_tip& tip, events::state_store& store, record_source& records,
                                 events::key_ring& keys, const std::vector<events::history_entry>& unwritten);

/// Both, on a thread that may block.
events::outcome<std::unique_ptr<entity_core>> load_entity(const events::entity_address& address, const entity_tip& tip,
                                                          events::state_store& store, record_source& records,
                                                          events::key_ring& keys,
                                                          const std::vector<events::history_entry>& unwritten);

} // namespace reverie::actors::runtime
