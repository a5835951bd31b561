#pragma once

#include "events/replay/log_replay.hpp"
#include "ops/cli/progress_bar.hpp"

#include <mutex>
#include <vector>

namespace reverie::ops {

/// A bar over all partitions of a replay, whichever thread reports.
class replay_bar {
public:
  replay_bar(std::string title, std::uint64_t total, std::size_t partitions) : bar_(std::move(title), "records", total), done_(partitions, 0) {}

  void operator()(const events::replay_progress& progress) {
    const std::scoped_lock lock(mutex_);
    sum_ += progress.records - done_[progress.partition.value];
    done_[progress.partition.value] = progress.records;
    bar_.advance_to(sum_);
  }
  /// Before something else is printed.
  void finish() {
    const std::scoped_lock lock(mutex_);
    bar_.finish();
  }

private:
  std::mutex mutex_;
  progress_bar bar_;
  std::vector<std::uint64_t> done_;
  std::uint64_t sum_ = 0;
};

} // namespace reverie::ops
