#pragma once

#include "projections/runner/batch_commit.hpp"

#include <functional>
#include <stop_token>

namespace reverie::projections {

/// How far a rebuild or a comparison is, summed over partitions.
struct bulk_progress {
  std::uint64_t records_done = 0, records_total = 0, events_done = 0;
  std::string_view step; ///< "folding", "indexing", "comparing"
};
/// Called often, on several threads but one at a time.
using bulk_callback = std::function<void(const bulk_progress&)>;

/// What reads the log in bulk.
struct bulk_source {
  std::string conninfo;
  events::event_log& log;
  events::key_ring& keys;
};

struct rebuild_report {
  std::uint64_t records = 0, events = 0;
  std::chrono::milliseconds took{};
};

/// Makes projections anew, in place: drops their tables and folds the whole log again, all partitions at once, rows by COPY, secondary
/// indexes last. Takes their leases over, so a runner elsewhere stops; one in this process should be stopped first and started after.
/// `locked` when a rebuild is running already. When it is cancelled or fails, positions are consistent and a runner goes on from there.
outcome<rebuild_report> rebuild(const bulk_source& source, std::span<const fold* const> which, const bulk_callback& progress = {},
                                std::stop_token stop = {});

/// Folds one partition from `from` up to `to`, in large batches, for projections that all stand at `from`.
outcome<void> fold_range(connection& database, const bulk_source& source, std::span<live_projection* const> projections, commit_request request,
                         const std::function<void(std::uint64_t records, std::uint64_t events)>& progress, std::stop_token stop);

} // namespace reverie::projections
