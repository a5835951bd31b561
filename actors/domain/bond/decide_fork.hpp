#pragma once

#include "actors/domain/bond/commands.hpp"
#include "actors/domain/bond/state.hpp"
#include "actors/domain/decision.hpp"

namespace reverie::actors::bond {

/// The bond of a fork begins: only as a forked bond, only by the server for an operator, and once. One with many facts comes in parts.
decision decide_one(const state& now, const fork& asked, const decision_context& context);

} // namespace reverie::actors::bond
