#pragma once

#include "projections/runner/partition_filler.hpp"

namespace reverie::projections {

/// Where to a projection is set back: one of the three.
struct reset_place {
  std::optional<events::partition_number> partition; ///< none: all
  std::optional<events::log_offset> offset;          ///< the first one folded again; only with a partition
  std::optional<events::timestamp> time;             ///< the first record written at or after it, in each partition
  bool start = false;                                ///< the log's start
};

/// What a reset touches, or has touched, in one partition.
struct reset_partition {
  events::partition_number partition{};
  events::log_offset from{}, to{};     ///< where the projection stands, and where it is set back to
  std::uint64_t records_again = 0;     ///< that are folded again
  std::uint64_t rows_touched = 0;      ///< whose last cause lies behind the place: they go, or become what they were
  std::uint64_t dead_letters = 0;      ///< parked or retried ones behind it: they are found again or not
  std::uint64_t embeddings_again = 0;  ///< vectors that go with their memories and are asked of the model again
};

struct reset_report {
  std::string projection;
  std::uint32_t version = 0;
  std::vector<reset_partition> partitions; ///< those that stand behind the place
};

/// What `reset_projection` would touch. `malformed` for a place that is none, `locked` for one ahead of where the projection stands (nothing
/// is ever skipped).
outcome<reset_report> look_at_reset(const bulk_source& source, const fold& of, const reset_place& place);

/// Sets the serving version back: afterwards its rows are those that folding the log up to the place gives (they are folded aside and put in
/// the place of what differs, in the transaction that moves the position), and runners fold on from there. So no event is ever folded onto
/// rows that hold it already. Readers see the state of that place until it has caught up. The version kept for a roll-back stays as it is.
/// `locked` while a rebuild of it runs or dead letters are worked on. Partition by partition: a failure leaves the others as they are.
/// `progress` hears how many records were folded, and of how many.
outcome<reset_report> reset_projection(const bulk_source& source, const fold& of, const reset_place& place, std::stop_token stop = {},
                                       const std::function<void(std::uint64_t, std::uint64_t)>& progress = {});

} // namespace reverie::projections
