#pragma once

#include "gateway/bridge/operator_ports.hpp"
#include "projections/runner/preflight.hpp"

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace reverie::ops {

/// Looks at what a rebuild would find, on a thread of its own, as it reads the whole log: one at a time, the last one of each projection is
/// kept. Thread-safe; what it answers is the look as it is (state `never`, `running`, `done`, `failed`, `cancelled`).
class preflight_runs {
public:
  explicit preflight_runs(const projections::bulk_source& source) : source_(source) {}
  ~preflight_runs() { stop(); }
  void stop();

  /// The one that runs already is shown; `conflict` while another projection is looked at.
  gateway::result<gateway::document> begin(const projections::fold& of);
  gateway::document view_of(const std::string& projection) const;
  /// `conflict` when none of this projection runs.
  gateway::result<gateway::document> cancel(const std::string& projection);
  bool wait_until_idle(std::chrono::milliseconds within);

private:
  struct look {
    bool running = false, cancelled = false;
    std::uint64_t done = 0, total = 0;
    std::chrono::steady_clock::time_point began, ended;
    gateway::document found = nullptr;
    std::string problem;
    std::jthread thread;
  };
  void work(const projections::fold& of, look& mine, std::stop_token stop);
  static gateway::document shown(const std::string& projection, const look& one);

  const projections::bulk_source& source_;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  std::map<std::string, look> looks_; ///< elements stay where they are
  bool stopping_ = false;
};

} // namespace reverie::ops
