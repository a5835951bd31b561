#pragma once

#include "actors/runtime/entity_loading.hpp"
#include "actors/runtime/interfaces.hpp"

#include <span>

namespace reverie::actors::runtime {

/// Durable updates of one entity after a position, oldest first: places from the entity's history, records from the log. Blocks.
/// Fewer than `updates_max` where the records are large; none: there are no more. `unwritten` are history entries that the store does not
/// have yet.
events::outcome<std::vector<shared_update>> read_entity_history(events::state_store& store, record_source& records,
                                                                events::key_ring& keys, const events::entity_address& entity,
                                                                const std::optional<events::entity_position>& after,
                                                                std::size_t updates_max,
                                                                const std::vector<events::history_entry>& unwritten);

/// The events of the record that holds one event of an entity. Blocks. `unwritten` as above.
events::outcome<std::vector<events::recorded_event>> read_event_again(events::state_store& store, record_source& records,
                                                                      events::key_ring& keys, const events::entity_address& entity,
                                                                      events::sequence_number sequence,
                                                                      std::span<const events::history_entry> unwritten = {});

} // namespace reverie::actors::runtime
