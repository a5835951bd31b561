#pragma once

#include "events/model/ids.hpp"
#include "projections/postgres/connection.hpp"
#include "projections/runner/progress.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace reverie::ops {

/// How far the projections are, on a node that follows some partitions itself and reads of the others in the tables that other nodes
/// fill: asked while somebody waits, and every second for what is shown. Thread-safe.
class cluster_progress : public projections::projection_progress {
public:
  cluster_progress(std::string conninfo, projections::projection_progress& own) : conninfo_(std::move(conninfo)), own_(own) {}
  ~cluster_progress() override { stop(); }

  void start();
  /// Ends all waits.
  void stop();

  void when_folded(events::log_position position, std::chrono::milliseconds wait, std::function<void(bool)> done) override;
  std::vector<projections::projection_status> status() override;

private:
  using time_point = std::chrono::steady_clock::time_point;
  struct waiting {
    events::log_position position{};
    time_point until;
    std::function<void(bool)> done;
  };
  void run(std::stop_token stop);
  events::outcome<void> look(projections::connection& database);
  bool is_folded(events::log_position position) const;
  void answer_waiting();

  const std::string conninfo_;
  projections::projection_progress& own_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<projections::projection_status> stored_; ///< as the tables said last
  std::vector<waiting> waiting_;
  bool stopped_ = false;
  std::jthread thread_;
};

} // namespace reverie::ops
