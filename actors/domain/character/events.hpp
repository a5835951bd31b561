#pragma once

#include "events/model/character_events.hpp"

#include <variant>

namespace reverie::actors::character {

/// What a decision of this kind can lead to.
using happening = std::variant<events::character::created, events::character::card_replaced, events::character::deleted>;

} // namespace reverie::actors::character
