#include "gateway/bridge/latency_window.hpp"

#include <algorithm>
#include <cmath>

namespace reverie::gateway {

namespace {
constexpr double first_bound_ms = 0.05;
constexpr double growth = 7.0 / 6.0;
} // namespace

latency_counter::counts latency_counter::now() const noexcept {
  counts read{};
  for (std::size_t i = 0; i < bucket_count; ++i) read[i] = buckets_[i].load(std::memory_order_relaxed);
  return read;
}

std::size_t latency_counter::bucket_of(double milliseconds) noexcept {
  if (!(milliseconds > first_bound_ms)) return 0;
  const auto step = std::ceil(std::log(milliseconds / first_bound_ms) / std::log(growth) - 1e-9);
  return static_cast<std::size_t>(std::clamp(step, 0.0, static_cast<double>(bucket_count - 1)));
}

double latency_counter::bound_of(std::size_t bucket) noexcept { return first_bound_ms * std::pow(growth, static_cast<double>(bucket)); }

double percentile_between(const latency_counter::counts& before, const latency_counter::counts& after, double share) noexcept {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < after.size(); ++i) total += after[i] - std::min(before[i], after[i]);
  if (total == 0) return 0;
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(total)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    seen += after[i] - std::min(before[i], after[i]);
    if (seen >= wanted) return latency_counter::bound_of(i);
  }
  return latency_counter::bound_of(after.size() - 1);
}

} // namespace reverie::gateway
