#pragma once

#include "events/model/failure.hpp"
#include "events/model/ids.hpp"
#include "events/model/time.hpp"

#include <chrono>
#include <functional>
#include <optional>
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
  bool serving = true; ///< false: an older version that is kept up to date
  std::optional<events::timestamp> folded_until = std::nullopt; ///< when the last record that was folded was written
  double lag_seconds = 0; ///< how long it has been behind, at most by this much; 0 when it is not
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
