#include "actors/domain/character/react.hpp"

namespace reverie::actors::character {

reaction react(const state&, const events::event&, const events::event_context&) { return {}; }

} // namespace reverie::actors::character
