#pragma once

#include "events/log/record.hpp"
#include "events/model/event.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace reverie::ops {

/// One event for people and tools: type, sequence, position, time, data.
nlohmann::ordered_json json_of(const events::recorded_event& each);

/// One record as it stands in the log: headers, and the value with sealed fields closed.
nlohmann::ordered_json json_of(const events::stored_record& stored);

/// The record on one line, for reading along.
std::string line_of(const events::stored_record& stored);

} // namespace reverie::ops
