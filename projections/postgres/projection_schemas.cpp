#include "projections/postgres/projection_schemas.hpp"

#include "projections/postgres/advisory_lock.hpp"
#include "projections/postgres/embedded_sql.hpp"
#include "projections/postgres/migrations.hpp"

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

/// Checks what is there; answers whether the version is instantiated.
outcome<bool> is_there(connection& database, const fold& of, const schema_script& script) {
  const auto rows = database.run("SELECT version, checksum, serving FROM runner.projection_versions WHERE projection = $1", {std::string(of.name())});
  if (!rows) return std::unexpected(rows.error());
  bool there = false;
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    const auto version = rows->integer(i, 0);
    if (version > of.version() && rows->boolean(i, 2))
      return events::fail(failure_code::unknown_version, "the projection " + std::string(of.name()) + " is served in version " +
                                                             std::to_string(version) + ", which this build does not know");
    if (version != of.version()) continue;
    there = true;
    if (rows->text(i, 1) != script.checksum)
      return events::fail(failure_code::corrupted,
                          "the tables of the projection " + std::string(of.name()) + " were changed without a new version");
  }
  return there;
}

std::string positions_sql() {
  return "INSERT INTO runner.projection_positions (projection, version, partition) "
         "SELECT $1, $2::integer, p FROM generate_series(0, $3::integer - 1) p ON CONFLICT DO NOTHING";
}

outcome<void> instantiate(connection& database, const fold& of, const std::string& schema, const schema_script& script) {
  const std::string name(of.name());
  if (auto made = database.run_script("CREATE SCHEMA " + schema + ";" + script.tables + script.indexes + script.views); !made) return made;
  const auto unserved = database.run("UPDATE runner.projection_versions SET serving = false WHERE projection = $1", {name});
  if (!unserved) return std::unexpected(unserved.error());
  const auto noted = database.run("INSERT INTO runner.projection_versions (projection, version, schema, checksum, serving) "
                                  "VALUES ($1, $2, $3, $4, true)",
                                  {name, std::to_string(of.version()), schema, script.checksum});
  if (!noted) return std::unexpected(noted.error());
  return {};
}

template <class Work>
outcome<void> in_transaction(connection& database, Work&& work) {
  if (auto begun = database.run_script("BEGIN"); !begun) return begun;
  if (auto done = work(); !done) {
    database.roll_back();
    return done;
  }
  return database.run_script("COMMIT");
}

outcome<void> ensure_in_transaction(connection& database, const fold& of, std::uint32_t partitions) {
  const auto schema = schema_name(of);
  const auto script = schema_script_of(of, schema);
  if (!script) return std::unexpected(script.error());
  const auto there = is_there(database, of, *script);
  if (!there) return std::unexpected(there.error());
  if (!*there) {
    if (auto made = instantiate(database, of, schema, *script); !made) return made;
  }
  const auto placed = database.run(positions_sql(), {std::string(of.name()), std::to_string(of.version()), std::to_string(partitions)});
  if (!placed) return std::unexpected(placed.error());
  return {};
}

} // namespace

std::string schema_name(const fold& of) { return std::string(of.name()) + "_v" + std::to_string(of.version()); }

outcome<schema_script> schema_script_of(const fold& of, const std::string& schema) {
  const auto all = embedded_templates();
  const auto at = std::ranges::find(all, of.name(), &embedded_script::name);
  if (at == all.end()) return events::fail(failure_code::not_found, "there is no template for the projection " + std::string(of.name()));
  return schema_script{with_schema(section(at->sql, "--- tables", "--- indexes"), schema),
                       with_schema(section(at->sql, "--- indexes", "--- views"), schema),
                       with_schema(section(at->sql, "--- views", ""), schema), checksum_of(at->sql)};
}

outcome<void> ensure_schema(connection& database, const fold& of, std::uint32_t partitions) {
  const auto lock = advisory_lock::wait(database, "schemas");
  if (!lock) return std::unexpected(lock.error());
  return in_transaction(database, [&] { return ensure_in_transaction(database, of, partitions); });
}

outcome<void> ensure_indexes(connection& database, const fold& of) {
  const auto script = schema_script_of(of, schema_name(of));
  if (!script) return std::unexpected(script.error());
  return in_transaction(database, [&]() -> outcome<void> {
    const auto missing = database.run("UPDATE runner.projection_versions SET indexed = true WHERE projection = $1 AND version = $2 AND NOT indexed",
                                      {std::string(of.name()), std::to_string(of.version())});
    if (!missing) return std::unexpected(missing.error());
    return missing->changed() == 0 ? outcome<void>{} : database.run_script(script->indexes);
  });
}

outcome<void> make_shadow(connection& database, const fold& of, const std::string& schema) {
  const auto script = schema_script_of(of, schema);
  if (!script) return std::unexpected(script.error());
  return database.run_script("DROP SCHEMA IF EXISTS " + schema + " CASCADE; CREATE SCHEMA " + schema + ";" + script->tables);
}

outcome<void> recreate_tables(connection& database, const fold& of) {
  const auto schema = schema_name(of);
  const auto script = schema_script_of(of, schema);
  if (!script) return std::unexpected(script.error());
  const auto noted = database.run("UPDATE runner.projection_versions SET indexed = false WHERE projection = $1 AND version = $2",
                                  {std::string(of.name()), std::to_string(of.version())});
  if (!noted) return std::unexpected(noted.error());
  return database.run_script("DROP SCHEMA IF EXISTS " + schema + " CASCADE; CREATE SCHEMA " + schema + ";" + script->tables + script->views);
}

} // namespace reverie::projections
