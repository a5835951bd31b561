#pragma once

#include "projections/fold/fold.hpp"
#include "projections/postgres/connection.hpp"

#include <functional>

namespace reverie::projections {

/// One row that is not the same on both sides.
struct row_difference {
  std::string projection, table;
  std::string key;
  enum class kind { missing, unexpected, different } what{};
  std::vector<std::string> columns;                          ///< those that differ; never their contents
  std::optional<events::log_position> stored_cause, expected_cause; ///< lineage of the row on both sides
};

/// What a comparison of all tables of a projection found.
struct row_comparison {
  std::uint64_t rows = 0, differences = 0; ///< the sum of the three that follow
  std::uint64_t missing = 0, unexpected = 0, different = 0; ///< by kind, all of them
  std::vector<row_difference> first; ///< the first of each table, by key
};

/// Between two pieces of a table, each a fraction of a second of Postgres' time: to rest, or, by a failure, to end the comparison.
using piece_callback = std::function<outcome<void>()>;

/// Compares the tables of a projection in two schemas: what is stored with what is expected. Counts and a hash over all rows first; only
/// where they differ are rows joined by key. Columns that one side does not have (an older fold) are left out. The connection should be
/// in a transaction that sees both sides at one place of the log.
outcome<void> compare_rows(connection& database, const fold& of, const std::string& stored, const std::string& expected, std::size_t first_max,
                           row_comparison& found, const piece_callback& after_piece);

} // namespace reverie::projections
