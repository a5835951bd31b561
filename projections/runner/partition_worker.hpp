#pragma once

#include "projections/postgres/projection_versions.hpp"
#include "projections/runner/batch_commit.hpp"
#include "projections/runner/progress_board.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace reverie::projections {

/// What all workers share. Everything must outlive them.
struct worker_context {
  std::string conninfo;
  events::event_log& log;
  events::key_ring& keys;
  std::vector<const fold*> folds;
  progress_board& board;
  /// Called after a commit, on the worker's thread; may be empty.
  std::function<void(events::partition_number)> after_commit;
};

/// Keeps the serving projections of one partition up to date, on a thread of its own: reads the log, folds, commits. When Postgres is
/// gone it backs off and goes on by itself; when another runner has taken over it stops.
class partition_worker {
public:
  partition_worker(const worker_context& context, events::partition_number partition);
  ~partition_worker();

  void start();
  /// Ends after the batch under way.
  void stop();
  /// What is followed may have changed: looks again soon. Cheap, from any thread.
  void look_again();

private:
  void run();
  std::expected<void, commit_problem> proceed(bool& placed);
  std::expected<void, commit_problem> take_over();
  outcome<std::optional<std::vector<live_projection>>> take_all(const version_catalogue& catalogue);
  outcome<std::optional<live_projection>> take(const projection_version& one, const fold& with);
  outcome<void> start_intake();
  outcome<void> keep_up_log_state(events::log_offset from);
  std::expected<void, commit_problem> step();
  outcome<void> leave_paused(const version_catalogue& catalogue);
  void wait_for_change();
  outcome<void> learn_sequences(const std::vector<events::entity_ref>& unknown, events::epoch_rule& rule);
  events::log_offset lowest() const;
  events::log_offset boundary() const;
  void report(events::log_offset log_end);
  bool back_off(std::chrono::milliseconds& delay);

  const worker_context& context_;
  events::partition_number partition_;
  std::optional<connection> database_;
  log_intake intake_;
  std::vector<live_projection> projections_;
  std::vector<projection_status> paused_; ///< what an operator told to stand still: no problem, but it falls behind
  std::int64_t generation_ = 0; ///< of the catalogue that names them
  std::atomic<bool> look_again_ = false;
  std::optional<events::log_offset> stored_state_; ///< the place for which the epoch rule's state is stored, or an earlier one
  std::optional<events::timestamp> folded_until_; ///< when the last record that was folded was written
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace reverie::projections
