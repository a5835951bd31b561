#pragma once

#include "actors/domain/bond/state.hpp"
#include "actors/domain/session/state.hpp"
#include "ops/operator/entity_timeline.hpp"

#include <map>

namespace reverie::ops {

/// What one message of a conversation says, and when.
struct told_message {
  std::string content;
  std::vector<events::memory_id> recalled;
  std::string model; ///< of a reply
  events::timestamp at{};
};

/// A conversation (or a fork of one) with the texts of what stands in it, as it is now and as it was after one of its events.
struct told_conversation {
  actors::session::state now, then;
  std::map<events::message_id, told_message> messages;
  events::sequence_number sequence{}, last_sequence{}; ///< of the last event in `then` and in `now`
  events::log_position position{};                     ///< of the record with `sequence`
  events::timestamp at{};                              ///< of that record

  /// The turns of the active branch of a state, oldest first.
  static std::vector<events::message_id> branch_of(const actors::session::state& state);
};

/// Reads it whole; without a sequence `then` is `now`. `not_found` when there is none.
events::outcome<told_conversation> tell_conversation(const timeline_source& source, const entity_finder::place& of,
                                                     std::optional<std::uint64_t> until);

/// The same of a fork; `then` is what it began with.
events::outcome<told_conversation> tell_fork(const timeline_source& source, const entity_finder::place& of);

/// A bond as it is now and as it was at a position of its partition; empty states where nothing happened yet.
struct told_bond {
  actors::bond::state now, then;
  events::sequence_number sequence{}; ///< of the last event in `then`
};
events::outcome<told_bond> tell_bond(const timeline_source& source, const entity_finder::place& of, const std::optional<events::log_position>& until);

} // namespace reverie::ops
