#pragma once

#include "projections/fold/fold.hpp"
#include "projections/postgres/advisory_lock.hpp"

#include <span>
#include <vector>

namespace reverie::projections {

/// The locks by which only one rebuild of a projection runs; held until they or the connection go. `locked` when one runs, or when the
/// projection stands still: the rebuild would wait for it for ever.
outcome<std::vector<advisory_lock>> lock_rebuilds(connection& holder, std::span<const fold* const> which);

} // namespace reverie::projections
