#pragma once

#include "actors/domain/session/state.hpp"
#include "events/model/event.hpp"

namespace reverie::actors::session {

/// Applies an event of this kind to any state; events of other kinds change nothing. Pure and total.
void evolve(state& now, const events::event& happened, const events::event_context& context);

} // namespace reverie::actors::session
