#pragma once

#include "actors/domain/bond/commands.hpp"
#include "actors/domain/bond/state.hpp"
#include "actors/domain/decision.hpp"

namespace reverie::actors::bond {

/// What a command leads to in a state: events of one record, or a rejection. Pure.
decision decide(const state& now, const command& asked, const decision_context& context);

} // namespace reverie::actors::bond
