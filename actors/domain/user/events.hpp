#pragma once

#include "events/model/user_events.hpp"

#include <variant>

namespace reverie::actors::user {

/// What a decision of this kind can lead to.
using happening = std::variant<events::user::registered, events::user::profile_changed, events::user::roles_changed>;

} // namespace reverie::actors::user
