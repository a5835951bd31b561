#pragma once

#include "projections/runner/partition_worker.hpp"

#include <map>
#include <set>

namespace reverie::projections {

/// Keeps all projections up to date, those that serve and those that served before them: one worker per partition. Versions that appear,
/// are switched to or dropped are noticed while it runs. The log, the keys and the callback must outlive it.
class projection_runner {
public:
  struct options {
    std::string conninfo;
    std::vector<const fold*> folds = {all_folds().begin(), all_folds().end()};
    /// After each commit, on a worker's thread: wakes the embedding worker.
    std::function<void(events::partition_number)> after_commit = {};
    /// One of several servers follows only the partitions it is told to (those it owns): see `follow`.
    bool follow_all = true;
  };

  projection_runner(options how, events::event_log& log, events::key_ring& keys);
  ~projection_runner();

  /// Makes missing schemas and starts the workers. `unavailable` when the database can't be reached now; call again then. The database
  /// must have been migrated.
  outcome<void> start();
  /// Ends after the batches under way. May be started again.
  void stop();

  /// Follows this partition from now on, and takes it over from whoever did; or follows it no more. May be called before the start. An
  /// earlier follower stops by itself when it finds that the lease is another's.
  void follow(events::partition_number partition);
  void unfollow(events::partition_number partition);

  projection_progress& progress() { return board_; }

private:
  void watch(std::stop_token stop);
  void tell_all();
  void begin(events::partition_number partition);

  options how_;
  progress_board board_;
  worker_context context_;
  std::mutex mutex_; ///< of what follows
  std::map<events::partition_number, std::unique_ptr<partition_worker>> workers_;
  std::set<events::partition_number> wanted_;
  bool started_ = false;
  std::jthread watcher_; ///< listens for changes of what is followed
};

} // namespace reverie::projections
