#pragma once

#include "actors/domain/decision.hpp"
#include "actors/domain/session/state.hpp"

#include <optional>

/// Reasons to refuse a command that several decisions of a session share; nothing when there is none.
namespace reverie::actors::session {

/// Not there, or somebody else's: both look the same from outside. The system (nil caller) may see all.
std::optional<rejection> refuse_stranger(const state& now, const decision_context& context);

/// As above, and a closed conversation takes no more writes.
std::optional<rejection> refuse_writing(const state& now, const decision_context& context);

/// What would move the active branch away from under a running reply has to wait for its end.
std::optional<rejection> refuse_while_replying(const state& now);

/// Only the generation effect may end a reply.
std::optional<rejection> refuse_person(const state& now, const decision_context& context);

inline std::unexpected<rejection> unknown_message() {
  return reject(rejection_code::not_found, "There is no such message in this conversation.", "message_id");
}

} // namespace reverie::actors::session
