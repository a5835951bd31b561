#pragma once

#include "events/codec/event_decoder.hpp"

namespace reverie::events {

/// Teaches the decoder every payload that was ever written and is no longer current. When a payload changes: copy its struct here
/// under `namespace <kind>_past`, give it `upcast` to the next version, add it below, raise `version` in events/model, and keep its
/// golden sample.
inline void add_past_versions(event_decoder&) {}

} // namespace reverie::events
