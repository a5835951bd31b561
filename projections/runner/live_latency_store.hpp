#pragma once

#include "projections/postgres/connection.hpp"
#include "projections/runner/live_throttle.hpp"

#include <string>

namespace reverie::projections {

/// Writes down how a server's commands fare: the one before of the same server is replaced.
outcome<void> tell_live_latency(connection& database, const std::string& node, const live_latency& now);

/// What all servers said last, the slowest of them; nothing when none said anything lately.
struct heard_latency {
  std::optional<live_latency> all;
  std::int64_t mark = 0; ///< grows with each word, so that a word is heard once
};
outcome<heard_latency> read_live_latency(connection& database);

} // namespace reverie::projections
