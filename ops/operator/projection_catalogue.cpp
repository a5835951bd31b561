#include "ops/operator/projection_catalogue.hpp"

#include <map>

namespace reverie::ops {

using events::outcome;
using gateway::document;

namespace {

constexpr const char* versions_sql =
    "SELECT v.projection, v.version, v.fold_version, v.state, v.schema, v.serving, (extract(epoch FROM v.switched_at) * 1000)::bigint, "
    "(SELECT sum(greatest(c.reltuples, pg_stat_get_live_tuples(c.oid), 0))::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = v.schema AND c.relkind = 'r'), "
    "(SELECT count(DISTINCT d.entity) FROM runner.dead_letters d WHERE d.projection = v.projection AND d.version = v.version AND d.state = 'parked') "
    "FROM runner.projection_versions v ORDER BY v.projection, v.version";
constexpr const char* paused_sql = "SELECT projection, partition, reason, (extract(epoch FROM created_at) * 1000)::bigint FROM runner.paused_projections ORDER BY 1, 2";
constexpr const char* positions_sql = "SELECT projection, version, partition, next FROM runner.projection_positions ORDER BY 1, 2, 3";

std::string_view name_of(decltype(projections::row_difference::what) what) {
  using kind = decltype(projections::row_difference::what);
  switch (what) {
  case kind::missing: return "missing";
  case kind::unexpected: return "unexpected";
  case kind::different: break;
  }
  return "different";
}

document position_or_null(const std::optional<events::log_position>& at) { return at ? document(events::to_string(*at)) : document(nullptr); }

} // namespace

outcome<std::vector<gateway::projection_view>> projections_in(projections::connection& database) {
  const auto versions = database.run(versions_sql), positions = database.run(positions_sql), paused = database.run(paused_sql);
  for (const auto* each : {&versions, &positions, &paused})
    if (!*each) return std::unexpected(each->error());
  std::map<std::pair<std::string, std::uint32_t>, std::vector<std::pair<events::partition_number, events::log_offset>>> places;
  for (std::size_t i = 0; i < positions->rows(); ++i)
    places[{std::string(positions->text(i, 0)), static_cast<std::uint32_t>(positions->integer(i, 1))}].push_back(
        {{static_cast<std::uint32_t>(positions->integer(i, 2))}, {static_cast<std::uint64_t>(positions->integer(i, 3))}});
  std::vector<gateway::projection_view> all;
  for (std::size_t i = 0; i < versions->rows(); ++i) {
    const std::string projection(versions->text(i, 0));
    if (all.empty() || all.back().projection != projection) all.push_back({projection, {}, nullptr, document::array()});
    gateway::version_view made;
    made.version = static_cast<std::uint32_t>(versions->integer(i, 1));
    made.fold_version = static_cast<std::uint32_t>(versions->integer(i, 2));
    made.state = versions->text(i, 3);
    made.schema = versions->text(i, 4);
    made.serving = versions->boolean(i, 5);
    made.switched_at = versions->optional_time(i, 6);
    if (!versions->is_null(i, 7)) made.rows = static_cast<std::uint64_t>(versions->integer(i, 7));
    made.parked_entities = static_cast<std::uint64_t>(versions->integer(i, 8));
    made.next = places[{projection, made.version}];
    all.back().versions.push_back(std::move(made));
  }
  for (std::size_t i = 0; i < paused->rows(); ++i)
    for (auto& each : all)
      if (each.projection == paused->text(i, 0))
        each.paused.push_back({{"partition", paused->integer(i, 1)}, {"reason", std::string(paused->text(i, 2))}, {"created_at", events::format_rfc3339(paused->time(i, 3))}});
  return all;
}

document differences_view(const std::vector<projections::row_difference>& rows) {
  auto list = document::array();
  for (const auto& each : rows)
    list.push_back({{"projection", each.projection}, {"table", each.table}, {"key", each.key}, {"what", std::string(name_of(each.what))}, {"columns", each.columns},
                    {"before", nullptr}, {"after", nullptr},
                    {"lineage", {{"before", position_or_null(each.stored_cause)}, {"after", position_or_null(each.expected_cause)}}}});
  return list;
}

} // namespace reverie::ops
