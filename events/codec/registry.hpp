#pragma once

#include "events/model/event.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace reverie::events {

/// One field of a registered payload, for docs/EVENTS.md and tools.
struct registered_field {
  std::string_view name;
  std::string_view type; ///< text, uuid, number, boolean, time, list of …, object
  bool optional = false;
  privacy kept = privacy::open;
};

/// A registered event type: number and name never change; a changed payload gets a new version and an upcaster.
struct registered_event {
  unsigned number;
  std::string_view name;
  unsigned version; ///< current
  entity_kind owner;
  std::size_t alternative; ///< index in the variant `event`
  std::vector<registered_field> fields;
};

/// All event types, by number. Aborts at start if two share a name or number.
std::span<const registered_event> registered_events();
const registered_event* find_event(std::string_view name);

} // namespace reverie::events
