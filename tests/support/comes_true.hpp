#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace reverie::tests {

/// Asks again and again until it is so, for what tells nobody when it changes; false when that takes too long.
template <class Condition>
bool comes_true(Condition is_so, std::chrono::milliseconds within = std::chrono::seconds{20}) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  for (const auto until = std::chrono::steady_clock::now() + within; !is_so(); never.wait_for(lock, std::chrono::milliseconds{20}))
    if (std::chrono::steady_clock::now() > until) return false;
  return true;
}

} // namespace reverie::tests
