#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace reverie::events {

/// A moment in UTC with milliseconds, as all times of the project.
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// Milliseconds since 1970 in UTC, the stored form.
inline std::int64_t to_milliseconds(timestamp at) { return at.time_since_epoch().count(); }
inline timestamp from_milliseconds(std::int64_t ms) { return timestamp{std::chrono::milliseconds{ms}}; }

/// RFC 3339 in UTC with milliseconds: `2026-11-21T04:18:00.000Z`.
std::string format_rfc3339(timestamp at);

/// Reads RFC 3339 with any offset and 0 to 9 fraction digits; nothing when malformed.
std::optional<timestamp> parse_rfc3339(std::string_view text);

} // namespace reverie::events
