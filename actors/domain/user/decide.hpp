#pragma once

#include "actors/domain/user/commands.hpp"
#include "actors/domain/user/state.hpp"
#include "actors/domain/decision.hpp"

namespace reverie::actors::user {

/// What a command leads to in a state: events of one record, or a rejection. Pure.
decision decide(const state& now, const command& asked, const decision_context& context);

} // namespace reverie::actors::user
