#include "actors/domain/user/react.hpp"

namespace reverie::actors::user {

reaction react(const state&, const events::event&, const events::event_context&) { return {}; }

} // namespace reverie::actors::user
