#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace reverie::gateway {

/// Counts durations in buckets whose bounds grow by a sixth, from 0.05 ms to minutes: a percentile is off by at most that. Adding is
/// lock-free, from any thread.
class latency_counter {
public:
  static constexpr std::size_t bucket_count = 100;
  using counts = std::array<std::uint64_t, bucket_count>;

  void add(double milliseconds) noexcept { buckets_[bucket_of(milliseconds)].fetch_add(1, std::memory_order_relaxed); }
  counts now() const noexcept;

  static std::size_t bucket_of(double milliseconds) noexcept;
  /// Upper bound of a bucket, in milliseconds.
  static double bound_of(std::size_t bucket) noexcept;

private:
  std::array<std::atomic<std::uint64_t>, bucket_count> buckets_{};
};

/// The duration that this share of what came between two readings did not exceed; 0 when nothing came.
double percentile_between(const latency_counter::counts& before, const latency_counter::counts& after, double share) noexcept;

/// What the gateway has counted since its start.
struct gateway_totals {
  std::uint64_t commands = 0, requests = 0, frames = 0;
  std::int64_t connections = 0, websockets = 0; ///< open now
  latency_counter::counts command_ms{}, request_ms{};
};

} // namespace reverie::gateway
