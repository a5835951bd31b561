#pragma once

#include "projections/runner/progress.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <tuple>
#include <thread>

namespace reverie::projections {

/// Where the workers write how far they are, and where reads wait for it. One thread of its own ends waits that take too long.
class progress_board : public projection_progress {
public:
  explicit progress_board(std::uint32_t partitions);
  ~progress_board() override;

  void when_folded(events::log_position position, std::chrono::milliseconds wait, std::function<void(bool)> done) override;
  std::vector<projection_status> status() override;

  /// Ends all waits, and every later one at once: what they wake may go away after this.
  void stop();

  /// From a worker: all its projections of a partition. Wakes whoever waited for less.
  void report(events::partition_number partition, std::vector<projection_status> now);
  /// From a worker that stands still: why, until it reports again. `lost_place`: it lost its database, which may have lost its last commits; nothing is
  /// said to be folded until the worker knows its place again.
  void report_problem(events::partition_number partition, std::string problem, bool lost_place);

private:
  struct waiting {
    events::log_position position{};
    std::chrono::steady_clock::time_point until;
    std::function<void(bool)> done;
  };
  using clock = std::chrono::system_clock;
  bool is_folded(events::log_position position) const;
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::vector<projection_status>> partitions_;
  std::vector<bool> lost_; ///< by partition
  std::map<std::tuple<std::uint32_t, std::string, std::uint32_t>, clock::time_point> caught_up_; ///< last seen at the log's end
  std::vector<waiting> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace reverie::projections
