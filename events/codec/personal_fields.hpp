#pragma once

#include "events/model/event.hpp"

#include <string_view>
#include <vector>

namespace reverie::events {

/// Names of the fields of an event that hold what a person wrote, said or is known by: those that are sealed in the log.
std::vector<std::string_view> personal_fields_of(const event& any);

} // namespace reverie::events
