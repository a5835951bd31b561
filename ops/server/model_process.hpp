#pragma once

#include "events/model/failure.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace reverie::ops {

/// Runs the local model server as a child: starts it, waits until it says where it listens, starts it again with growing pauses when it
/// ends, and ends it with this object. The child dies with the server (PR_SET_PDEATHSIG) and always gets the same port, so that the
/// endpoint the rest of the server knows stays true.
class model_process {
public:
  struct options {
    std::string executable;
    std::vector<std::string> arguments; ///< without the port
    std::function<void(std::string_view)> log;
    std::chrono::milliseconds start_timeout_ms{60'000};
  };

  /// Starts the child and waits for its `listening` line; `unavailable` when it ends or says nothing in time.
  static events::outcome<std::unique_ptr<model_process>> start(options how);
  ~model_process(); ///< SIGTERM, after 3 s SIGKILL

  std::uint16_t port() const { return port_; }

private:
  explicit model_process(options how) : how_(std::move(how)) {}
  /// The watcher's life. It alone forks, as the child's death signal follows the thread that made it.
  void watch();
  events::outcome<void> launch();
  events::outcome<std::uint16_t> read_port(int output);
  void pass_on_output();
  bool pause(std::chrono::milliseconds time);
  void end_child();

  options how_;
  std::uint16_t port_ = 0; ///< set by the first launch
  std::promise<events::outcome<void>> started_;
  std::mutex mutex_;
  std::condition_variable stopping_changed_;
  bool stopping_ = false;
  int child_ = -1;  ///< process id; guarded by mutex_
  int output_ = -1; ///< read end of the child's output; the watcher's own
  std::string unread_; ///< what came in one read with the port; the watcher's own
  std::thread watcher_;
};

} // namespace reverie::ops
