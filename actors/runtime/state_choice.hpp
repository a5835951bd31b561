#pragma once

#include "actors/runtime/ports.hpp"

#include <memory>
#include <string>

namespace reverie::actors::runtime {

/// The state a partition begins from.
struct chosen_state {
  std::shared_ptr<events::state_store> store;
  events::applied_position applied{};
  events::log_range log{};
  std::string from; ///< where it comes from, for people
};

/// Opens the state that is furthest along and fits the log: the local one; a generation that nodes share, when it is well ahead of that;
/// when the local one does not fit the log, the newest kept generation that does; at last none, and all is folded from the log.
/// A generation counts only with its content's hash checked, and when the log holds the record it ends at and the owner it names.
/// Blocks. Fails with what may pass, and with `corrupted` when the local state does not fit and there are no generations to go by.
events::outcome<chosen_state> choose_state(const node_ports& ports, events::partition_number partition);

/// Gives this node's own generation to the others, with the hash of the record it ends at. True when it was given. Blocks.
events::outcome<bool> share_generation(const node_ports& ports, events::partition_number partition,
                                       const events::checkpoint_manifest& own);

} // namespace reverie::actors::runtime
