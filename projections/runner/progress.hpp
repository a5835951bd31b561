#pragma once

#include "events/model/failure.hpp"
#include "events/model/ids.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace reverie::projections {

/// How far one projection is in one partition.
struct projection_status {
  std::string projection;
  std::uint32_t version = 1;
  events::partition_number partition{};
  events::log_offset next{}; ///< first offset not yet folded
  std::uint64_t lag_records = 0;
  std::uint64_t parked_entities = 0;
  std::string problem; ///< empty, or why it stands still
};

/// How reads wait for their own writes. Thread-safe.
class projection_progress {
public:
  virtual ~projection_progress() = default;

  /// Calls `done(true)` as soon as every serving projection has folded `position`, `done(false)` after `wait`; on a runner thread, or at
  /// once when it is there already. Woken by the runner, never by polling.
  virtual void when_folded(events::log_position position, std::chrono::milliseconds wait, std::function<void(bool)> done) = 0;

  virtual std::vector<projection_status> status() = 0;
};

} // namespace reverie::projections
