#pragma once

#include "projections/fold/row_store.hpp"
#include "projections/postgres/connection.hpp"

#include <string>
#include <vector>

namespace reverie::projections {

/// Statements that bring one table's changes to Postgres, each for all its rows at once (arrays as parameters). For the bulk of a
/// rebuild the inserts go by COPY instead: `with_inserts` false leaves them out.
std::vector<statement> statements_of(const table_changes& changes, const std::string& schema, bool with_inserts = true);

/// The COPY statement of a table, columns in order with lineage.
std::string copy_statement(const table& of, const std::string& schema);

/// The SELECT that gives the rows asked for; its answer is read by `rows_in`.
statement select_of(const table& of, const std::string& schema, const rows_asked& asked);
std::vector<row> rows_in(const table& of, const result& answer);

} // namespace reverie::projections
