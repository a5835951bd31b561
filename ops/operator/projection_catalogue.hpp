#pragma once

#include "gateway/bridge/operator_ports.hpp"
#include "projections/postgres/connection.hpp"
#include "projections/runner/row_comparison.hpp"

namespace reverie::ops {

/// Every projection with its instances, as the catalogue has them: rows are estimates of Postgres' statistics.
events::outcome<std::vector<gateway::projection_view>> projections_in(projections::connection& database);

/// Rows that differ, for operators: which columns, never their contents, and which records made them.
gateway::document differences_view(const std::vector<projections::row_difference>& rows);

} // namespace reverie::ops
