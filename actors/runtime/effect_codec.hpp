#pragma once

#include "actors/runtime/messages.hpp"
#include "events/log/state_store.hpp"

/// Pending effects as local state keeps them: ids only, never a text. A delivery is made again from its cause in the log.
namespace reverie::actors::runtime {

events::pending_effect to_pending(const begun_effect& effect);

/// The effect, when its stored form says all (a generation); nothing when it must be made again from its cause (a delivery).
std::optional<begun_effect> from_pending(const events::pending_effect& pending);

} // namespace reverie::actors::runtime
