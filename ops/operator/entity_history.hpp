#pragma once

#include "actors/runtime/interfaces.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace reverie::ops {

/// The records of one entity, a page at a time from either end, by the index that the partition's owner keeps: what a page costs does not
/// depend on how many there are. Blocks.
class entity_history {
public:
  using updates = std::vector<actors::shared_update>;

  entity_history(actors::actor_node& node, const events::entity_address& of) : node_(node), of_(of) {}

  /// Behind the last event of a record.
  static events::entity_position behind(const actors::entity_update& record);
  /// One page of at most so many after a place, fewer where they are large; empty: there are no more. `timed_out` when it takes longer.
  events::outcome<updates> page(std::optional<events::entity_position> place, std::size_t records_max, std::chrono::milliseconds within);
  /// At most so many after a place, oldest first; from the start without one.
  events::outcome<updates> after(std::optional<events::entity_position> place, std::size_t records_max);
  /// At most so many whose events all come before a sequence, newest first.
  events::outcome<updates> before(events::sequence_number sequence, std::size_t records_max);
  /// Of the last event that it has; 0 when it has none. Asks for a few single records.
  events::outcome<events::sequence_number> last_sequence();

private:
  actors::actor_node& node_;
  const events::entity_address of_;
};

} // namespace reverie::ops
