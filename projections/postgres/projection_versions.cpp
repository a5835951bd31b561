#include "projections/postgres/projection_versions.hpp"

#include <algorithm>

namespace reverie::projections {
namespace {

version_state state_of(std::string_view name) {
  return name == "building" ? version_state::building : name == "ready" ? version_state::ready : version_state::followed;
}

template <class Wanted>
const projection_version* last_of(const std::vector<projection_version>& all, Wanted&& wanted) {
  const projection_version* found = nullptr;
  for (const auto& each : all)
    if (wanted(each)) found = &each;
  return found;
}

} // namespace

const projection_version* version_catalogue::serving(std::string_view projection) const {
  return last_of(versions, [&](const auto& each) { return each.projection == projection && each.serving; });
}

const projection_version* version_catalogue::previous(std::string_view projection) const {
  return last_of(versions, [&](const auto& each) { return each.projection == projection && !each.serving && each.state == version_state::followed; });
}

const projection_version* version_catalogue::begun(std::string_view projection) const {
  return last_of(versions, [&](const auto& each) { return each.projection == projection && each.state != version_state::followed; });
}

outcome<version_catalogue> read_catalogue(connection& database) {
  // One statement: both as of one moment.
  const auto rows = database.run("SELECT c.generation, v.projection, v.version, v.fold_version, v.schema, v.checksum, v.serving, v.state, "
                                 "v.switched_at IS NOT NULL FROM runner.catalogue c LEFT JOIN runner.projection_versions v ON true "
                                 "ORDER BY v.projection, v.switched_at NULLS FIRST, v.version");
  if (!rows) return std::unexpected(rows.error());
  version_catalogue found;
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    found.generation = rows->integer(i, 0);
    if (rows->is_null(i, 1)) continue;
    found.versions.push_back({std::string(rows->text(i, 1)), static_cast<std::uint32_t>(rows->integer(i, 2)),
                              static_cast<std::uint32_t>(rows->integer(i, 3)), std::string(rows->text(i, 4)), std::string(rows->text(i, 5)),
                              rows->boolean(i, 6), state_of(rows->text(i, 7)), rows->boolean(i, 8)});
  }
  return found;
}

outcome<projection_version> serving_version(connection& database, std::string_view projection) {
  auto catalogue = read_catalogue(database);
  if (!catalogue) return std::unexpected(catalogue.error());
  const auto* found = catalogue->serving(projection);
  if (found == nullptr) return events::fail(failure_code::not_found, "the projection " + std::string(projection) + " was never made");
  return *found;
}

outcome<void> close_gate(connection& database) {
  const auto closed = database.run("SELECT runner.close_gate()");
  if (!closed) return std::unexpected(closed.error());
  return {};
}

outcome<void> note_change(connection& database) {
  const auto noted = database.run("SELECT runner.note_change()");
  if (!noted) return std::unexpected(noted.error());
  return {};
}

outcome<void> mark_runner_alive(connection& database) {
  const auto marked = database.run("SELECT pg_advisory_lock_shared(hashtextextended('reverie.runner', 0))");
  if (!marked) return std::unexpected(marked.error());
  return {};
}

outcome<bool> is_runner_alive(connection& database) {
  const auto alone = database.run("SELECT pg_try_advisory_lock(hashtextextended('reverie.runner', 0))");
  if (!alone) return std::unexpected(alone.error());
  if (!alone->boolean(0, 0)) return true;
  const auto freed = database.run("SELECT pg_advisory_unlock(hashtextextended('reverie.runner', 0))");
  if (!freed) return std::unexpected(freed.error());
  return false;
}

} // namespace reverie::projections
