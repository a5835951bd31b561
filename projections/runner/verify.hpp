#pragma once

#include "projections/runner/rebuild.hpp"
#include "projections/runner/row_comparison.hpp"

namespace reverie::projections {

struct verify_report {
  std::uint64_t records = 0, rows = 0, differences = 0;
  std::uint64_t missing = 0, unexpected = 0, different = 0; ///< differences by kind: what the tables lack, what only they have, what is not alike
  std::vector<row_difference> first; ///< the first of each table, by key
};

/// Compares projections with a fold of the log: folds into a shadow schema up to where the serving version is, holds all projections
/// there for a moment, and reports each row that differed then. Runners may be alive. `locked` when a comparison is running already.
outcome<verify_report> verify(const bulk_source& source, std::span<const fold* const> which, const bulk_callback& progress = {},
                              std::size_t first_max = 10, std::stop_token stop = {});

} // namespace reverie::projections
