#include "projections/postgres/projection_schemas.hpp"

#include "projections/postgres/advisory_lock.hpp"
#include "projections/postgres/embedded_sql.hpp"
#include "projections/postgres/migrations.hpp"
#include "projections/postgres/vector_tables.hpp"

#include <algorithm>

namespace reverie::projections {
namespace {

std::string with_schema(std::string_view text, const std::string& schema) {
  static constexpr std::string_view mark = "{schema}";
  std::string filled;
  for (;;) {
    const auto at = text.find(mark);
    filled.append(text.substr(0, at));
    if (at == std::string_view::npos) return filled;
    filled.append(schema);
    text.remove_prefix(at + mark.size());
  }
}

std::string_view section(std::string_view text, std::string_view begin, std::string_view end) {
  const auto from = text.find(begin);
  if (from == std::string_view::npos) return {};
  const auto start = from + begin.size();
  return text.substr(start, end.empty() ? std::string_view::npos : text.find(end, start) - start);
}

std::string text_of(std::uint32_t number) { return std::to_string(number); }

/// Which instance of this fold is there already, if any; refuses what this build can't serve.
outcome<std::optional<projection_version>> known_instance(connection& database, const fold& of, const schema_script& script) {
  auto catalogue = read_catalogue(database);
  if (!catalogue) return std::unexpected(catalogue.error());
  const std::string name(of.name());
  const auto* serving = catalogue->serving(name);
  if (serving != nullptr && serving->fold_version > of.version())
    return events::fail(failure_code::unknown_version, "the projection " + name + " is served in version " + text_of(serving->fold_version) +
                                                           ", which this build does not know");
  std::optional<projection_version> found;
  for (const auto& each : catalogue->versions) {
    if (!each.is_of(of) || each.state == version_state::building) continue;
    if (each.checksum != script.checksum)
      return events::fail(failure_code::corrupted, "the tables of the projection " + name + " were changed without a new version");
    if (!found || each.serving || (!found->serving && each.state == version_state::ready)) found = each;
  }
  return found;
}

outcome<void> make_positions(connection& database, const projection_version& one, std::uint32_t partitions) {
  const auto placed = database.run("INSERT INTO runner.projection_positions (projection, version, partition) "
                                   "SELECT $1, $2::integer, p FROM generate_series(0, $3::integer - 1) p ON CONFLICT DO NOTHING",
                                   {one.projection, text_of(one.number), text_of(partitions)});
  if (!placed) return std::unexpected(placed.error());
  return {};
}

outcome<void> note_version(connection& database, const projection_version& one, bool indexed) {
  const auto noted = database.run("INSERT INTO runner.projection_versions (projection, version, fold_version, schema, checksum, serving, indexed, state) "
                                  "VALUES ($1, $2, $3, $4, $5, false, $6, 'building')",
                                  {one.projection, text_of(one.number), text_of(one.fold_version), one.schema, one.checksum, indexed ? "t" : "f"});
  if (!noted) return std::unexpected(noted.error());
  return {};
}

/// What a new instance will be called.
outcome<projection_version> next_version(connection& database, const fold& of) {
  const auto rows = database.run("SELECT coalesce(max(version), 0) + 1 FROM runner.projection_versions WHERE projection = $1", {std::string(of.name())});
  if (!rows) return std::unexpected(rows.error());
  projection_version fresh{.projection = std::string(of.name()), .number = static_cast<std::uint32_t>(rows->integer(0, 0)),
                           .fold_version = of.version(), .schema = {}, .checksum = {}, .serving = false, .state = version_state::building,
                           .switched = false};
  fresh.schema = schema_name(of.name(), fresh.number);
  const auto script = schema_script_of(of, fresh.schema);
  if (!script) return std::unexpected(script.error());
  fresh.checksum = script->checksum;
  return fresh;
}

outcome<projection_version> instantiate(connection& database, const fold& of) {
  auto fresh = next_version(database, of);
  if (!fresh) return fresh;
  const auto script = schema_script_of(of, fresh->schema);
  if (auto made = database.run_script("CREATE SCHEMA " + fresh->schema + ";" + script->tables + script->indexes); !made) return std::unexpected(made.error());
  if (auto noted = note_version(database, *fresh, true); !noted) return std::unexpected(noted.error());
  return fresh;
}

outcome<void> ensure_in_transaction(connection& database, const fold& of, std::uint32_t partitions) {
  const auto script = schema_script_of(of, "any");
  if (!script) return std::unexpected(script.error());
  auto found = known_instance(database, of, *script);
  if (!found) return std::unexpected(found.error());
  if (!*found) {
    auto made = instantiate(database, of);
    if (!made) return std::unexpected(made.error());
    *found = std::move(*made);
  }
  if (auto placed = make_positions(database, **found, partitions); !placed) return placed;
  return (*found)->serving ? outcome<void>{} : serve_version(database, of, **found);
}

} // namespace

std::string schema_name(std::string_view projection, std::uint32_t number) { return std::string(projection) + "_v" + text_of(number); }

outcome<schema_script> schema_script_of(const fold& of, const std::string& schema) {
  const auto all = embedded_templates();
  const auto at = std::ranges::find(all, of.name(), &embedded_script::name);
  if (at == all.end()) return events::fail(failure_code::not_found, "there is no template for the projection " + std::string(of.name()));
  constexpr std::string_view later = "--- later indexes";
  const std::string_view all_text = at->sql;
  return schema_script{with_schema(section(all_text, "--- tables", "--- indexes"), schema),
                       with_schema(section(all_text, "--- indexes", "--- views"), schema) + with_schema(section(all_text, later, ""), schema),
                       with_schema(section(all_text, "--- views", later), schema), checksum_of(all_text.substr(0, all_text.find(later)))};
}

outcome<void> ensure_schema(connection& database, const fold& of, std::uint32_t partitions) {
  const auto lock = advisory_lock::wait(database, "schemas");
  if (!lock) return std::unexpected(lock.error());
  return in_transaction(database, [&]() -> outcome<void> {
    if (auto closed = close_gate(database); !closed) return closed;
    return ensure_in_transaction(database, of, partitions);
  });
}

outcome<projection_version> begin_version(connection& database, const fold& of, std::uint32_t partitions) {
  const auto lock = advisory_lock::wait(database, "schemas");
  if (!lock) return std::unexpected(lock.error());
  auto fresh = next_version(database, of);
  if (!fresh) return fresh;
  const auto done = in_transaction(database, [&]() -> outcome<void> {
    const auto script = schema_script_of(of, fresh->schema);
    if (!script) return std::unexpected(script.error());
    if (auto made = database.run_script("DROP SCHEMA IF EXISTS " + fresh->schema + " CASCADE; CREATE SCHEMA " + fresh->schema + ";" + script->tables); !made)
      return made;
    if (auto noted = note_version(database, *fresh, false); !noted) return noted;
    return make_positions(database, *fresh, partitions);
  });
  if (!done) return std::unexpected(done.error());
  return fresh;
}

outcome<void> remove_version(connection& database, const projection_version& one) {
  const sql_params who{one.projection, text_of(one.number)};
  for (const auto* each : {"projection_positions", "dead_letters", "projection_versions"}) {
    const auto gone = database.run("DELETE FROM runner." + std::string(each) + " WHERE projection = $1 AND version = $2", who);
    if (!gone) return std::unexpected(gone.error());
  }
  return database.run_script("DROP SCHEMA IF EXISTS " + one.schema + " CASCADE");
}

outcome<void> ensure_indexes(connection& database, const fold& of, const projection_version& one) {
  const auto script = schema_script_of(of, one.schema);
  if (!script) return std::unexpected(script.error());
  return in_transaction(database, [&]() -> outcome<void> {
    const auto missing = database.run("UPDATE runner.projection_versions SET indexed = true WHERE projection = $1 AND version = $2 AND NOT indexed",
                                      {one.projection, text_of(one.number)});
    if (!missing) return std::unexpected(missing.error());
    return missing->changed() == 0 ? outcome<void>{} : database.run_script(script->indexes);
  });
}

outcome<void> serve_version(connection& database, const fold& of, const projection_version& one) {
  const auto unserved = database.run("UPDATE runner.projection_versions SET serving = false WHERE projection = $1 AND serving", {one.projection});
  if (!unserved) return std::unexpected(unserved.error());
  const auto served = database.run("UPDATE runner.projection_versions SET serving = true, state = 'followed', switched_at = clock_timestamp() "
                                   "WHERE projection = $1 AND version = $2", {one.projection, text_of(one.number)});
  if (!served) return std::unexpected(served.error());
  if (auto pointed = point_views(database, of, one); !pointed) return pointed;
  return note_change(database);
}

outcome<void> point_views(connection& database, const fold& of, const projection_version& at) {
  const auto script = schema_script_of(of, at.schema);
  if (!script) return std::unexpected(script.error());
  if (auto pointed = database.run_script(script->views); !pointed) return pointed;
  return point_vector_views(database, at.schema);
}

outcome<void> make_shadow(connection& database, const fold& of, const std::string& schema) {
  const auto script = schema_script_of(of, schema);
  if (!script) return std::unexpected(script.error());
  return database.run_script("DROP SCHEMA IF EXISTS " + schema + " CASCADE; CREATE SCHEMA " + schema + ";" + script->tables);
}

} // namespace reverie::projections
