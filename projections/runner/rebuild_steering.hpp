#pragma once

#include "projections/runner/live_throttle.hpp"
#include "projections/runner/partition_filler.hpp"

#include <chrono>
#include <mutex>

namespace reverie::projections {

/// How far a rebuild or a comparison is, summed over partitions.
struct bulk_progress {
  std::uint64_t records_done = 0, records_total = 0, events_done = 0;
  std::string_view step; ///< "folding", "indexing", "following", "comparing", "switching"
  bool throttled = false; ///< gives way to live commands
};
/// Called often, on several threads but one at a time.
using bulk_callback = std::function<void(const bulk_progress&)>;

/// How much a rebuild may take from those who are served.
struct rebuild_pace {
  std::uint64_t events_per_second = 0; ///< at most; 0: no limit
  /// While the serving versions are further behind the log than this, the rebuild waits: live work goes first. 0: never.
  std::uint64_t live_lag_records_max = 5'000;
  /// While live commands take longer than this (their 99th percentile, as the servers say), the rebuild works less of the time. 0: never.
  std::uint64_t live_p99_ms = 0;
};

/// What somebody who begins a rebuild wants of it.
struct rebuild_options {
  bool switch_over = true; ///< false: the new version is left ready
  bool keep_old = true;    ///< the version that served is kept up to date for a roll-back; false: dropped
  bool compare = true;
  bool expect_same = false; ///< with any difference nothing is switched; the new version is left ready
  bool by_server = false;   ///< the next server goes on with it when this one ends
  bool only_resume = false; ///< `not_found` when nothing that was begun by this build's fold is left to go on with
  bool despite_parked = false; ///< switches too when the new version has more parked events than the one that serves
  rebuild_pace pace;
  std::size_t differences_shown = 10;
};

/// Keeps the row of each projection in `runner.rebuilds`: shows how far it is, and does what is wanted there (pause, cancel, another
/// rate). Thread-safe; the threads of a rebuild are slowed down by waiting here.
class rebuild_steering {
public:
  rebuild_steering(const bulk_source& source, std::vector<filled_version> versions, rebuild_pace pace, const bulk_callback& callback);

  /// What it was begun with is kept for whoever goes on with it.
  outcome<void> begin(std::uint64_t records_done, std::uint64_t records_total, const rebuild_options& how);
  /// After a batch: counts, waits as long as the pace or a pause asks for. `cancelled` when that is wanted.
  outcome<void> after_batch(std::uint64_t records, std::uint64_t happened, std::stop_token stop);
  /// After a piece of a comparison: rests for live commands, but not for a pause, which waits for the next step, as the comparison's snapshot keeps Postgres from
  /// tidying up. `cancelled` when that is wanted.
  outcome<void> after_piece(std::stop_token stop);
  /// A new step; `cancelled` when that is wanted, or when it was told to stop while it waited.
  outcome<void> step(std::string_view name, std::stop_token stop);
  /// Keeps what a comparison found beside the rebuild; null JSON for none.
  outcome<void> keep_comparison(std::string_view projection, const std::string& json);
  /// How it ended.
  void end(std::string_view state, const std::string& message);
  /// It was told to stop, and did not end: its row stays that of one under way, which is interrupted when nobody holds its lock.
  void interrupt();
  /// Whether somebody wants it cancelled.
  bool is_cancelled() const;

  const bulk_progress& now() const { return now_; }
  /// How many events a batch may have under the limit of the rate.
  std::size_t batch_events() const;
  /// Whether it gives way while live commands take longer than a limit.
  bool looks_at_live() const;

private:
  using clock = std::chrono::steady_clock;
  outcome<void> look(bool at_once, std::stop_token stop);
  outcome<std::string> tell(std::string_view state);
  outcome<bool> live_is_behind();
  outcome<void> hear_live();
  outcome<void> rest(std::stop_token stop);

  const bulk_source& source_;
  std::vector<filled_version> versions_;
  rebuild_pace pace_;
  const bulk_callback& callback_;
  mutable std::mutex mutex_;
  std::optional<connection> database_;
  bulk_progress now_;
  live_throttle throttle_;
  std::int64_t heard_ = 0; ///< mark of the last word about live commands
  std::optional<double> live_p99_ms_;
  clock::time_point looked_{}, pace_from_{}, works_since_{};
  std::uint64_t paced_events_ = 0;
  bool cancelled_ = false;
};

/// What somebody wants of a rebuild that runs: "run", "pause", "cancel", or what it is now when empty; other limits when they are given.
/// `not_found` when none of this projection is under way, `locked` when the one that was under way was interrupted: nobody would hear it.
outcome<void> steer_rebuild(connection& database, std::string_view projection, std::string_view wanted,
                            std::optional<std::uint64_t> events_per_second = std::nullopt, std::optional<std::uint64_t> live_p99_ms = std::nullopt);

/// Ends a rebuild that runs, or takes away what one that no longer runs has left. `locked` when there is neither. Answers what happens.
outcome<std::string> cancel_rebuild(connection& database, const fold& of);

} // namespace reverie::projections
