#pragma once

#include "actors/domain/entity_logic.hpp"
#include "actors/runtime/interfaces.hpp"
#include "events/codec/event_codec.hpp"
#include "events/model/event.hpp"
#include "ops/operator/entity_finder.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace reverie::ops {

/// Events of one entity, in order, a record at a time; false ends the reading. Blocks.
using timeline_visitor = std::function<bool(const actors::entity_update& record)>;
/// Where a timeline comes from: the actors' history beside a server, a scan of the log in a tool.
using timeline_source = std::function<events::outcome<void>(const entity_finder::place& of, const timeline_visitor& visit)>;

/// Reads through the actors, by the index that the partition's owner keeps: at most `records_max`, then `too_large`.
timeline_source timeline_of(actors::actor_node& node, std::size_t records_max);
/// Reads the log itself, for tools beside or without a server.
timeline_source timeline_of(events::event_log& log, const std::function<events::field_opener()>& make_opener);

/// An entity folded up to some place.
struct folded_entity {
  std::unique_ptr<actors::entity_logic> logic;
  events::sequence_number sequence{}; ///< of the last event that was folded; 0: none
  events::log_position position{};
  events::timestamp at{};
  events::sequence_number last_sequence{}; ///< that was read: of the entity, but for a fold up to a sequence, which reads no further
  events::log_position last_position{};
};

/// Up to where to fold: all that is given must hold.
struct fold_until {
  std::optional<std::uint64_t> sequence;
  std::optional<events::timestamp> time;      ///< records written at or before
  std::optional<events::log_position> before_or_at; ///< of the entity's partition
};

/// The state that an entity had then: the same rules, the same events. `not_found` when the entity has no events at all.
events::outcome<folded_entity> fold_entity(const timeline_source& source, const entity_finder::place& of, const fold_until& until);

} // namespace reverie::ops
