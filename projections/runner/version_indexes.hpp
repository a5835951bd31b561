#pragma once

#include "projections/fold/fold.hpp"
#include "projections/postgres/projection_versions.hpp"

namespace reverie::projections {

/// Makes what a filled version has beside its rows: later indexes, for memories the vectors that `old` has, and the planner's figures; then it is
/// `ready`. By this many parallel workers for each index. Called again it makes what is missing.
outcome<void> index_version(connection& database, const fold& of, const projection_version& fresh, const projection_version& old, unsigned workers);

} // namespace reverie::projections
