#pragma once

#include "projections/postgres/connection.hpp"
#include "projections/runner/batch_folding.hpp"

#include <optional>

namespace reverie::projections {

/// A projection as the runner of one partition holds it.
struct live_projection {
  const fold* with = nullptr;
  std::uint32_t version = 1; ///< number of the instance
  std::string schema;
  bool serving = true;
  events::log_offset next{};
  std::int64_t lease = 0;
  parked_entities parked;
  discarded_events discarded = {};
};

/// A part of the log that is to be brought to the tables.
struct commit_request {
  events::partition_number partition{};
  events::log_offset from{}, to{}; ///< positions before and after
  events::log_offset log_end{};
  std::span<const intake_record> records;
  /// The serving projections keep what the epoch rule knows beside their position; a rebuild does not. What is stored has to be of `from`
  /// or later (see log_state.hpp).
  bool keep_log_state = true;
  /// Positions move and dead letters are written; a shadow for comparing has neither.
  bool keep_position = true;
  /// The change of the catalogue that the caller knows: it passes the gate, and with another one nothing is committed. None for a rebuild,
  /// whose version nobody else follows: it keeps out of the gate, which it closes itself at its end.
  std::optional<std::int64_t> generation = std::nullopt;
  /// Inserts go by COPY.
  bool bulk = false;
};

/// Why a batch was not committed.
struct commit_problem {
  events::failure reason;
  bool taken_over = false;                ///< somebody else is ahead: stop
  bool versions_changed = false;          ///< what is followed has changed: look again
  std::optional<std::size_t> at_fault;    ///< data of this projection does not fit its tables: an event has to be parked
};

/// Folds the records for all these projections (all at `from`, in this partition) and commits rows, dead letters, positions and the
/// state of the epoch rule in one transaction, seen by all at once and on Postgres' disk a moment later. On success the projections' `next` and `parked` are moved on; on failure nothing is
/// changed anywhere.
std::expected<void, commit_problem> commit_batch(connection& database, std::span<live_projection* const> projections,
                                                 const commit_request& request);

/// The same; a batch whose data does not fit is halved until the record at fault is alone, whose entity is parked then. Each part is a
/// transaction.
std::expected<void, commit_problem> commit_or_park(connection& database, std::span<live_projection* const> projections,
                                                   commit_request request);

/// Reads the parked entities of a projection's partition, and the events that were given up.
outcome<void> load_parked(connection& database, live_projection& projection, events::partition_number partition);

/// What an operator gave up of a projection: no version of it folds these any more.
outcome<discarded_events> load_discarded(connection& database, std::string_view projection);

} // namespace reverie::projections
