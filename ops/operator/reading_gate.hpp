#pragma once

#include "events/model/failure.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>

namespace reverie::ops {

/// Bounds what readings of histories cost: each call has its time, and only so many long ones run at once, so that those who ask for little
/// find a thread. Thread-safe; outlives its calls.
class reading_gate {
public:
  struct bounds {
    std::size_t long_records = 0; ///< read by one call, from which on it is a long one
    std::size_t long_calls = 1;   ///< at once
  };
  explicit reading_gate(bounds most) : most_(most) {}

  /// One call of an operator, with all histories that it reads. One thread.
  class call {
  public:
    call(reading_gate& gate, std::chrono::milliseconds within);
    ~call();
    call(const call&) = delete;
    call& operator=(const call&) = delete;

    /// After each page: `timed_out` when its time is over, `overloaded` when it has become a long one and as many of these run as may.
    events::outcome<void> took(std::size_t records);
    /// How long it may still wait for a page; never nothing, so that each call comes further.
    std::chrono::milliseconds left() const;

  private:
    reading_gate& gate_;
    const std::chrono::milliseconds within_;
    const std::chrono::steady_clock::time_point until_;
    std::size_t records_ = 0;
    bool counted_ = false;
  };

  std::shared_ptr<call> enter(std::chrono::milliseconds within) { return std::make_shared<call>(*this, within); }

private:
  const bounds most_;
  std::atomic<std::size_t> running_ = 0;
};

} // namespace reverie::ops
