#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace reverie::ops {

/// Runs jobs one after another on a thread of its own; those left at the end are dropped.
class job_thread {
public:
  job_thread() : thread_([this](std::stop_token stop) { run(stop); }) {}

  void post(std::function<void()> job) {
    {
      std::lock_guard lock(mutex_);
      jobs_.push_back(std::move(job));
    }
    filled_.notify_one();
  }

private:
  void run(std::stop_token stop) {
    std::unique_lock lock(mutex_);
    while (filled_.wait(lock, stop, [this] { return !jobs_.empty(); })) {
      auto job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
      job = nullptr;
      lock.lock();
      if (stop.stop_requested()) return;
    }
  }

  std::mutex mutex_;
  std::condition_variable_any filled_;
  std::deque<std::function<void()>> jobs_;
  std::jthread thread_;
};

} // namespace reverie::ops
