#pragma once

#include "projections/fold/fold.hpp"
#include "projections/postgres/connection.hpp"
#include "projections/runner/log_intake.hpp"
#include "projections/runner/parked_entities.hpp"

#include <memory>
#include <span>

namespace reverie::projections {

/// What a batch does to one projection: rows and dead letters, and the entities parked after it.
struct folded_batch {
  std::unique_ptr<row_store> rows;
  std::vector<dead_letter> letters;
  parked_entities parked;
};

/// Folds a batch for one projection. Rows it needs are read from the database in a few round trips, however large the batch. An
/// event that does not fit parks its entity; later events of a parked entity follow it to the dead letters. `schema` is the
/// projection's.
outcome<folded_batch> fold_batch(connection& database, const fold& with, const std::string& schema, events::partition_number partition,
                                 std::span<const intake_record> records, const parked_entities& parked,
                                 const discarded_events& discarded = {});

} // namespace reverie::projections
