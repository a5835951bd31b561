#include "projections/runner/live_throttle.hpp"

#include <algorithm>

namespace reverie::projections {
namespace {

constexpr double well_below = 0.8;                         // of the limit: between this and the limit nothing changes
constexpr double hardest_cut = 0.3, softest_cut = 0.8;     // one window alone does not bring it to a stand
constexpr double step_up = 0.05, factor_up = 1.15;

} // namespace

void live_throttle::limit_to(double limit_ms) {
  limit_ms_ = limit_ms;
  if (limit_ms_ <= 0) share_ = 1;
}

void live_throttle::hear(std::optional<live_latency> now) {
  if (limit_ms_ <= 0) return;
  const bool quiet = !now || now->commands == 0;
  if (!quiet && now->commands < few_commands) return;
  if (!quiet && now->command_p99_ms > limit_ms_) {
    share_ = std::max(least_share, share_ * std::clamp(limit_ms_ / now->command_p99_ms, hardest_cut, softest_cut));
    return;
  }
  if (quiet || now->command_p99_ms < well_below * limit_ms_) share_ = std::min(1.0, share_ * factor_up + step_up);
}

live_throttle::duration live_throttle::rest_after(duration worked) const {
  if (!is_throttled() || worked <= duration::zero()) return duration::zero();
  const auto rest = std::chrono::duration<double, std::nano>(static_cast<double>(worked.count()) * (1 / share_ - 1));
  const std::chrono::duration<double, std::nano> longest = duration(longest_rest);
  return std::chrono::duration_cast<duration>(std::min(rest, longest));
}

std::size_t live_throttle::batch_of(std::size_t most) const {
  if (!is_throttled()) return most;
  return std::clamp(static_cast<std::size_t>(static_cast<double>(most) * share_), std::min(smallest_batch, most), most);
}

} // namespace reverie::projections
