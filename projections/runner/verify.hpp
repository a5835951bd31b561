#pragma once

#include "projections/runner/rebuild.hpp"

namespace reverie::projections {

/// One row that is not as the log says.
struct row_difference {
  std::string projection, table;
  std::string key;
  enum class kind { missing, unexpected, different } what{};
  std::vector<std::string> columns;                          ///< those that differ; never their contents
  std::optional<events::log_position> stored_cause, expected_cause; ///< lineage of the row on both sides
};

struct verify_report {
  std::uint64_t records = 0, rows = 0, differences = 0;
  std::vector<row_difference> first; ///< the first of each table, by key
};

/// Compares projections with a fold of the log: folds into a shadow schema up to where the projection is, holds the projection there for
/// the comparison, and reports each row that differs. Runners may be alive. `locked` when a comparison is running already.
outcome<verify_report> verify(const bulk_source& source, std::span<const fold* const> which, const bulk_callback& progress = {},
                              std::size_t first_max = 10, std::stop_token stop = {});

} // namespace reverie::projections
