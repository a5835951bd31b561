#pragma once

#include "actors/domain/bond/commands.hpp"
#include "actors/domain/bond/state.hpp"
#include "actors/domain/decision.hpp"

/// Decisions about what a character remembers: taking up a turn, taking it back, forgetting.
namespace reverie::actors::bond {

/// Once per message; barred messages teach nothing.
decision decide_one(const state& now, const observe_turn& asked, const decision_context& context);

/// Undoes what rested on messages that were deleted or edited, once; what comes to be observed later teaches nothing.
decision decide_one(const state& now, const retract_turns& asked, const decision_context& context);

/// Forgets a fact with the turns it came from, or an episode with the facts that came from it.
decision decide_one(const state& now, const forget_memory& asked, const decision_context& context);

} // namespace reverie::actors::bond
