#include "gateway/http/io_threads.hpp"

namespace reverie::gateway {

io_threads::io_threads(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) lanes_.push_back(std::make_unique<lane>());
}

io_threads::~io_threads() { stop(); }

void io_threads::run() {
  for (auto& each : lanes_) threads_.emplace_back([&context = each->context] { context.run(); });
}

void io_threads::stop() {
  for (auto& each : lanes_) each->context.stop();
  threads_.clear();
}

std::vector<boost::asio::any_io_executor> io_threads::executors() {
  std::vector<boost::asio::any_io_executor> executors;
  for (auto& each : lanes_) executors.emplace_back(each->context.get_executor());
  return executors;
}

} // namespace reverie::gateway
