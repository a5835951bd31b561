#pragma once

#include <string>

namespace reverie::events {

/// docs/EVENTS.md: every registered event with its fields, made from the registry.
std::string events_markdown();

} // namespace reverie::events
