#pragma once

#include "events/model/ids.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace reverie::projections {

/// Why and from which event on an entity waits in the dead letters of a projection.
struct parked_from {
  events::sequence_number sequence{};
  std::string code;
  std::string message; ///< never personal text
};

/// Events that an operator has given up, by entity: no fold takes them.
using discarded_events = std::unordered_map<events::entity_ref, std::set<events::sequence_number>>;

using parked_entities = std::unordered_map<events::entity_ref, parked_from>;

/// An event that goes to `dead_letters` instead of the tables.
struct dead_letter {
  events::entity_ref entity{};
  events::log_offset offset{};
  events::sequence_number sequence{};
  std::string code;
  std::string message;
};

} // namespace reverie::projections
