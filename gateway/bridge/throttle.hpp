#pragma once

#include "gateway/bridge/bounded_map.hpp"

#include "events/model/ids.hpp"

#include <chrono>
#include <mutex>
#include <optional>

namespace reverie::gateway {

/// A token bucket: `per_minute` at once, filled again evenly. Pure but for the time given to it.
class token_bucket {
public:
  /// Takes one; else how long to wait for the next.
  std::optional<std::chrono::milliseconds> take(std::uint32_t per_minute, events::timestamp now);

private:
  double tokens_ = 0;
  bool used_ = false;
  events::timestamp filled_at_{};
};

/// One bucket a key (a person, an e-mail's digest); the keys not seen for longest are forgotten. Thread-safe.
class throttle {
public:
  throttle(std::uint32_t per_minute, std::size_t keys_max) : per_minute_(per_minute), buckets_(keys_max) {}

  /// Takes one; else how long to wait.
  std::optional<std::chrono::milliseconds> take(const events::uuid& key, events::timestamp now) {
    std::lock_guard lock(mutex_);
    return buckets_.at(key).take(per_minute_, now);
  }
  std::uint32_t per_minute() const { return per_minute_; }

private:
  const std::uint32_t per_minute_;
  std::mutex mutex_;
  bounded_map<events::uuid, token_bucket> buckets_;
};

} // namespace reverie::gateway
