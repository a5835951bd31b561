#pragma once

#include "projections/fold/fold.hpp"
#include "projections/postgres/connection.hpp"

#include <optional>
#include <string>
#include <vector>

namespace reverie::projections {

/// A projection that an operator has told to stand still in a partition.
struct paused_projection {
  std::string projection;
  events::partition_number partition{};
  std::string reason;
};

/// Lets all followed versions of a projection stand still, in one partition or in all that have a position: runners stop with the batch under
/// way, reads that want a later position say how far behind they are. `malformed` without a reason or for a partition there is none of,
/// `locked` while a rebuild of it runs. Answers how many partitions; those that were paused keep their first reason.
outcome<std::size_t> pause_projection(connection& database, const fold& of, std::optional<events::partition_number> partition, const std::string& reason);

/// Lets it go on where it stands. Answers in how many partitions it was paused.
outcome<std::size_t> resume_projection(connection& database, const fold& of, std::optional<events::partition_number> partition);

/// `locked` while it stands still anywhere: a rebuild would wait for it for ever.
outcome<void> refuse_paused(connection& database, const fold& of);

/// Those of one partition, or all.
outcome<std::vector<paused_projection>> paused_projections(connection& database, std::optional<events::partition_number> partition = std::nullopt);

} // namespace reverie::projections
