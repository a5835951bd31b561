#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace reverie::projections {

/// How live commands fared in the last window of time: of all servers together, the slowest server's percentile.
struct live_latency {
  double command_p99_ms = 0;
  std::uint64_t commands = 0; ///< answered in that time
};

/// Which share of the time a rebuild may work, so that live commands stay within a limit: it gives way in proportion when they are over it,
/// and takes back little by little when they are well below (additive increase, multiplicative decrease). Pure: no clock, no thread.
class live_throttle {
public:
  using duration = std::chrono::nanoseconds;

  /// 0: never gives way.
  explicit live_throttle(double limit_ms) : limit_ms_(limit_ms) {}

  void limit_to(double limit_ms);
  double limit_ms() const { return limit_ms_; }

  /// What one further window showed; nothing when nobody says anything: then nobody is slowed down.
  void hear(std::optional<live_latency> now);

  /// Of the time, from `least_share` to 1.
  double share() const { return share_; }
  bool is_throttled() const { return share_ < 1; }
  /// How long to rest after having worked so long; never longer than `longest_rest`.
  duration rest_after(duration worked) const;
  /// How large a batch may be, so that a rest comes soon: the full size when nothing is held back.
  std::size_t batch_of(std::size_t most) const;

  static constexpr double least_share = 0.05; ///< it never stands still
  static constexpr std::chrono::seconds longest_rest{2};
  static constexpr std::size_t smallest_batch = 200;
  static constexpr std::uint64_t few_commands = 5; ///< fewer say nothing about a percentile

private:
  double limit_ms_;
  double share_ = 1;
};

} // namespace reverie::projections
