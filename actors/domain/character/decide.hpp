#pragma once

#include "actors/domain/character/commands.hpp"
#include "actors/domain/character/state.hpp"
#include "actors/domain/decision.hpp"

namespace reverie::actors::character {

/// What a command leads to in a state: events of one record, or a rejection. Pure.
decision decide(const state& now, const command& asked, const decision_context& context);

} // namespace reverie::actors::character
