#pragma once

#include "gateway/bridge/await_callback.hpp"

#include "events/model/failure.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace reverie::gateway {

/// A few threads for calls that block (Postgres, argon2id) with a bounded queue: over it the caller gets `overloaded`. Thread-safe.
class blocking_pool {
public:
  blocking_pool(std::size_t threads, std::size_t queue_max);
  ~blocking_pool();
  blocking_pool(const blocking_pool&) = delete;
  blocking_pool& operator=(const blocking_pool&) = delete;

  /// False when the queue is full or the pool stops. The job must not throw.
  bool submit(std::function<void()> job);
  /// Finishes what is queued and joins the threads.
  void stop();
  std::size_t queued() const;

  /// Runs `job`, which gives an outcome, on a thread of the pool. A job that throws is `unavailable`, with what it said.
  template <class Job>
  auto run(Job job) -> task<std::invoke_result_t<Job&>> {
    using value = std::invoke_result_t<Job&>;
    co_return co_await await_callback<value>([this, job = std::move(job)](std::function<void(value)> done) mutable {
      bool taken = submit([job = std::move(job), done]() mutable { done(caught<value>(job)); });
      if (!taken) done(events::fail(events::failure_code::overloaded, "the queue of blocking calls is full"));
    });
  }

private:
  template <class Outcome>
  static Outcome caught(auto& job) {
    try {
      return job();
    } catch (const std::exception& error) {
      return events::fail(events::failure_code::unavailable, std::string("a blocking call threw: ") + error.what());
    }
  }
  void work();

  const std::size_t queue_max_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

} // namespace reverie::gateway
