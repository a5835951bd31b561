#pragma once

#include "actors/domain/decision.hpp"
#include "actors/domain/session/commands.hpp"
#include "actors/domain/session/state.hpp"

/// Decisions about replies: those of the generation effect and of a person who wants another one.
namespace reverie::actors::session {

decision decide_one(const state& now, const regenerate& asked, const decision_context& context);
decision decide_one(const state& now, const complete_reply& asked, const decision_context& context);
decision decide_one(const state& now, const fail_reply& asked, const decision_context& context);
decision decide_one(const state& now, const restart_reply& asked, const decision_context& context);

} // namespace reverie::actors::session
