#pragma once

#include "actors/domain/bond/state.hpp"
#include "actors/domain/effect.hpp"

namespace reverie::actors::bond {

/// Effects an event begins and settles; called after evolve, and again later when a pending effect is made anew from the log:
/// so it rests on the event and on what never changes in the state, nothing else. Pure.
reaction react(const state& now, const events::event& happened, const events::event_context& context);

} // namespace reverie::actors::bond
