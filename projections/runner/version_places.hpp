#pragma once

#include "projections/postgres/projection_versions.hpp"

namespace reverie::projections {

using version_offsets = std::vector<events::log_offset>;

/// Where a version stands per partition.
outcome<version_offsets> places_of(connection& database, const projection_version& one, std::uint32_t partitions);

/// Begins a transaction that sees the database as it is now, for as long as it lasts.
outcome<void> begin_snapshot(connection& database);

} // namespace reverie::projections
