#pragma once

#include "events/model/failure.hpp"

#include <exception>
#include <functional>

namespace reverie::actors::runtime {

/// What an exception that nobody expected is called: `overloaded` for want of memory, else `malformed` (trying again gives the same).
events::failure unexpected_failure(const std::exception_ptr& thrown);

/// Something that blocks, run once by a worker, and who is told when it does not come to its end: it threw, or nobody ran it any more.
class blocking_task {
public:
  using told_failure = std::function<void(const events::failure&)>;
  blocking_task(std::function<void()> work, told_failure otherwise) : work_(std::move(work)), otherwise_(std::move(otherwise)) {}
  blocking_task(const blocking_task&) = delete;
  blocking_task& operator=(const blocking_task&) = delete;
  /// Tells `stopping` when it never ran.
  ~blocking_task();

  /// Never throws; the failure is for the log and was told already.
  events::outcome<void> run();

private:
  std::function<void()> work_; ///< empty once run
  told_failure otherwise_;
};

} // namespace reverie::actors::runtime
