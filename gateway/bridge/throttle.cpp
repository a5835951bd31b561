#include "gateway/bridge/throttle.hpp"

#include <algorithm>
#include <cmath>

namespace reverie::gateway {

std::optional<std::chrono::milliseconds> token_bucket::take(std::uint32_t per_minute, events::timestamp now) {
  const double full = per_minute;
  const double per_ms = full / 60'000.0;
  if (!used_) {
    used_ = true;
    tokens_ = full;
  } else if (now > filled_at_) {
    tokens_ = std::min(full, tokens_ + per_ms * static_cast<double>((now - filled_at_).count()));
  }
  filled_at_ = std::max(filled_at_, now);
  if (tokens_ >= 1) {
    tokens_ -= 1;
    return std::nullopt;
  }
  return std::chrono::milliseconds{static_cast<std::int64_t>(std::ceil((1 - tokens_) / per_ms))};
}

} // namespace reverie::gateway
