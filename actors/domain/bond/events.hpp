#pragma once

#include "events/model/bond_events.hpp"

#include <variant>

namespace reverie::actors::bond {

/// What a decision of this kind can lead to.
using happening = std::variant<events::bond::conversation_opened, events::bond::conversation_closed, events::bond::turn_observed,
                               events::bond::fact_learned, events::bond::fact_closed, events::bond::fact_retracted,
                               events::bond::memory_forgotten, events::bond::affinity_changed, events::bond::turns_retracted,
                               events::bond::forked>;

} // namespace reverie::actors::bond
