#pragma once

#include "actors/domain/entity_logic.hpp"
#include "actors/runtime/interfaces.hpp"
#include "events/codec/event_codec.hpp"
#include "events/model/event.hpp"
#include "ops/operator/entity_finder.hpp"
#include "ops/operator/reading_gate.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace reverie::ops {

/// Events of one entity, in order, a record at a time; false ends the reading. Blocks.
using timeline_visitor = std::function<bool(const actors::entity_update& record)>;
/// Where a timeline comes from: the actors' history beside a server, a scan of the log in a tool. Begins with the record that holds event
/// `from`; holds a page of records at a time, however many there are.
using timeline_source = std::function<events::outcome<void>(const entity_finder::place& of, events::sequence_number from, const timeline_visitor& visit)>;

/// Reads through the actors, by the index that the partition's owner keeps: what a page costs does not depend on how many there are. `call`
/// bounds all that is read through it.
timeline_source timeline_of(actors::actor_node& node, std::shared_ptr<reading_gate::call> call);
/// Reads the log itself, for tools beside or without a server.
timeline_source timeline_of(events::event_log& log, const std::function<events::field_opener()>& make_opener);

/// An entity folded up to some place.
struct folded_entity {
  std::unique_ptr<actors::entity_logic> logic;
  events::sequence_number sequence{}; ///< of the last event that was folded; 0: none
  events::log_position position{};
  events::timestamp at{};
  events::timestamp latest_at{}; ///< of all that was folded: owners' clocks differ
  events::sequence_number last_sequence{}; ///< that was met: behind `sequence` where the next event was not wanted
};

/// Up to where to fold: before the first event for which not all that is given holds.
struct fold_until {
  std::optional<std::uint64_t> sequence;
  std::optional<events::timestamp> time;      ///< records written at or before
  std::optional<events::log_position> before_or_at; ///< of the entity's partition
};

class folded_states;

/// The state that an entity had then: the same rules, the same events. `not_found` when the entity has no events at all. With `kept` it begins
/// at the nearest state that was kept, and keeps some on its way; also when the source gives up, so that the next fold comes further.
events::outcome<folded_entity> fold_entity(const timeline_source& source, const entity_finder::place& of, const fold_until& until, folded_states* kept = nullptr);

} // namespace reverie::ops
