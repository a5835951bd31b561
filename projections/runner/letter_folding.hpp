#pragma once

#include "projections/runner/dead_letters.hpp"
#include "projections/runner/event_rules.hpp"

namespace reverie::projections {

/// The parked events of one entity in one version.
struct parked_sequence {
  const fold& of;
  const projection_version& version;
  events::partition_number partition;
  std::string entity;
};

/// How far a sequence got.
struct retried_part {
  std::uint64_t folded = 0;
  std::string problem;  ///< of the one that failed again; empty when none did
  bool more = false;    ///< a part was folded, and there are more
};

/// Folds the first letters of a sequence again, in order, up to one that fails, inside the caller's transaction behind the closed gate.
outcome<retried_part> fold_letters(connection& database, const bulk_source& source, const parked_sequence& one, const event_rules& rules);

} // namespace reverie::projections
