#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

namespace reverie::gateway {

/// One io_context a thread: what belongs to a connection runs on one thread, without locks or strands.
class io_threads {
public:
  explicit io_threads(std::size_t count);
  ~io_threads();
  io_threads(const io_threads&) = delete;
  io_threads& operator=(const io_threads&) = delete;

  void run();
  /// Stops at once and joins.
  void stop();
  /// Destroys the contexts with all handlers that wait in them; after `stop`.
  void clear() { lanes_.clear(); }
  std::size_t count() const { return lanes_.size(); }
  boost::asio::io_context& context(std::size_t number) { return lanes_[number]->context; }
  std::vector<boost::asio::any_io_executor> executors();

private:
  struct lane {
    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
  };
  std::vector<std::unique_ptr<lane>> lanes_;
  std::vector<std::jthread> threads_;
};

} // namespace reverie::gateway
