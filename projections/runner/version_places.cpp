#include "projections/runner/version_places.hpp"

namespace reverie::projections {

outcome<version_offsets> places_of(connection& database, const projection_version& one, std::uint32_t partitions) {
  const auto rows = database.run("SELECT partition, next FROM runner.projection_positions WHERE projection = $1 AND version = $2",
                                 {one.projection, std::to_string(one.number)});
  if (!rows) return std::unexpected(rows.error());
  version_offsets places(partitions);
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    const auto partition = static_cast<std::size_t>(rows->integer(i, 0));
    if (partition < places.size()) places[partition] = {static_cast<std::uint64_t>(rows->integer(i, 1))};
  }
  return places;
}

outcome<void> begin_snapshot(connection& database) {
  // The snapshot is taken by the first query.
  return database.run_script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT count(*) FROM runner.catalogue");
}

} // namespace reverie::projections
