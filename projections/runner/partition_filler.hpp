#pragma once

#include "projections/postgres/projection_versions.hpp"
#include "projections/runner/batch_commit.hpp"

#include <functional>
#include <stop_token>

namespace reverie::projections {

/// What reads the log in bulk.
struct bulk_source {
  std::string conninfo;
  events::event_log& log;
  events::key_ring& keys;
};

/// A projection and the instance of it that is being filled.
struct filled_version {
  const fold* of = nullptr;
  projection_version version;
};

/// Fills new versions of some projections, all at the same place, from one partition: large batches, rows by COPY. Keeps its place in the
/// log between calls. Of one thread at a time.
class partition_filler {
public:
  /// Told after each batch how many records and events it had; a failure ends the filling, whose position is consistent then.
  using batch_callback = std::function<outcome<void>(std::uint64_t records, std::uint64_t happened)>;

  partition_filler(const bulk_source& source, events::partition_number partition) : source_(source), partition_(partition), intake_(source.log, source.keys, partition) {}

  /// Takes the leases and goes to the place where the versions stand. `locked` when they stand at different places.
  outcome<void> open(const std::vector<filled_version>& versions);
  /// For tables without positions, in a schema of the caller's (a shadow): begins at the log's start. What is parked in that version is
  /// left out here too.
  outcome<void> open_shadow(const filled_version& of, const std::string& schema);

  /// Folds up to a place.
  outcome<void> fill(events::log_offset to, const batch_callback& after_batch, std::stop_token stop);

  events::log_offset next() const { return next_; }
  std::size_t parked_entities() const { return projections_.front().parked.size(); }
  /// How many events a batch may have; less than the limit for a rebuild that is slowed down.
  std::size_t batch_events = 0;

private:
  outcome<void> connect();
  outcome<void> fill_connected(events::log_offset to, const batch_callback& after_batch, std::stop_token stop);

  const bulk_source& source_;
  events::partition_number partition_;
  log_intake intake_;
  std::optional<connection> database_;
  std::vector<live_projection> projections_;
  std::vector<live_projection*> who_;
  events::log_offset next_{};
  bool keeps_position_ = true;
};

} // namespace reverie::projections
