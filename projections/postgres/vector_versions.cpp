#include "projections/postgres/vector_versions.hpp"

#include "projections/postgres/projection_versions.hpp"
#include "projections/postgres/vector_tables.hpp"

#include <algorithm>

namespace reverie::projections {
namespace {

std::string number_text(std::uint32_t number) { return std::to_string(number); }

vector_version version_in(const result& rows, std::size_t line) {
  return {static_cast<std::uint32_t>(rows.integer(line, 0)), {std::string(rows.text(line, 1)), static_cast<std::size_t>(rows.integer(line, 2))}, std::string(rows.text(line, 3)),
          rows.time(line, 4), rows.optional_time(line, 5), rows.is_null(line, 6) ? std::string() : std::string(rows.text(line, 6))};
}

/// Alone with the versions: whoever changes them waits here.
outcome<void> hold_all(connection& database) { return database.run_script("LOCK TABLE runner.vector_versions IN SHARE ROW EXCLUSIVE MODE"); }

outcome<void> serve_vectors(connection& database, std::uint32_t number) {
  const auto kept = database.run("UPDATE runner.vector_versions SET state = 'kept' WHERE state = 'serving' AND version <> $1", {number_text(number)});
  if (!kept) return std::unexpected(kept.error());
  const auto served = database.run("UPDATE runner.vector_versions SET state = 'serving', switched_at = clock_timestamp() WHERE version = $1", {number_text(number)});
  if (!served) return std::unexpected(served.error());
  return note_change(database);
}

outcome<std::uint32_t> add_version(connection& database, const embedding_model& of, const char* state) {
  const auto made = database.run("INSERT INTO runner.vector_versions (version, model, dimension, state) "
                                 "SELECT coalesce(max(version), 0) + 1, $1, $2::integer, $3 FROM runner.vector_versions RETURNING version",
                                 {of.model, std::to_string(of.dimension), std::string(state)});
  if (!made) return std::unexpected(made.error());
  return static_cast<std::uint32_t>(made->integer(0, 0));
}

/// Runs the work alone with the versions; answers the version it names.
template <class Work>
outcome<vector_version> change_versions(connection& database, Work&& work) {
  std::uint32_t number = 0;
  const auto done = in_transaction(database, [&]() -> outcome<void> {
    if (auto held = hold_all(database); !held) return held;
    const auto all = read_vector_versions(database);
    if (!all) return std::unexpected(all.error());
    outcome<std::uint32_t> chosen = work(*all);
    if (!chosen) return std::unexpected(chosen.error());
    number = *chosen;
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return vector_version_of(database, number);
}

} // namespace

outcome<std::vector<vector_version>> read_vector_versions(connection& database) {
  const auto rows = database.run("SELECT version, model, dimension, state, " + as_milliseconds("created_at") + ", " + as_milliseconds("switched_at") +
                                 ", comparison FROM runner.vector_versions ORDER BY version");
  if (!rows) return std::unexpected(rows.error());
  std::vector<vector_version> all;
  for (std::size_t i = 0; i < rows->rows(); ++i) all.push_back(version_in(*rows, i));
  return all;
}

outcome<vector_version> vector_version_of(connection& database, std::uint32_t number) {
  auto all = read_vector_versions(database);
  if (!all) return std::unexpected(all.error());
  const auto found = std::ranges::find(*all, number, &vector_version::number);
  if (found == all->end()) return events::fail(failure_code::not_found, "there is no version " + number_text(number) + " of the vectors");
  return std::move(*found);
}

outcome<vector_version> settle_vectors(connection& database, const std::vector<embedding_model>& available) {
  return change_versions(database, [&](const std::vector<vector_version>& all) -> outcome<std::uint32_t> {
    const auto serving = std::ranges::find(all, "serving", &vector_version::state);
    if (serving != all.end() && std::ranges::contains(available, serving->of)) return serving->number;
    const auto known = std::ranges::find(all, available.front(), &vector_version::of);
    auto number = known != all.end() ? outcome<std::uint32_t>(known->number) : add_version(database, available.front(), "ready");
    if (!number) return number;
    if (auto served = serve_vectors(database, *number); !served) return std::unexpected(served.error());
    return number;
  });
}

outcome<vector_version> begin_vectors(connection& database, const embedding_model& of) {
  return change_versions(database, [&](const std::vector<vector_version>& all) -> outcome<std::uint32_t> {
    const auto known = std::ranges::find(all, of, &vector_version::of);
    if (known == all.end()) return add_version(database, of, "building");
    if (known->state == "building") return known->number;
    return events::fail(failure_code::already_exists, "version " + number_text(known->number) + " of the vectors is of this model already");
  });
}

outcome<void> finish_vectors(connection& database, std::uint32_t number) {
  const auto done = change_versions(database, [&](const std::vector<vector_version>&) -> outcome<std::uint32_t> {
    const auto ready = database.run("UPDATE runner.vector_versions SET state = 'ready' WHERE version = $1 AND state = 'building'", {number_text(number)});
    if (!ready) return std::unexpected(ready.error());
    if (auto noted = note_change(database); !noted) return std::unexpected(noted.error());
    return number;
  });
  if (!done) return std::unexpected(done.error());
  return {};
}

outcome<void> keep_comparison(connection& database, std::uint32_t number, const std::string& comparison) {
  const auto kept = database.run("UPDATE runner.vector_versions SET comparison = $2 WHERE version = $1", {number_text(number), comparison});
  if (!kept) return std::unexpected(kept.error());
  return {};
}

outcome<vector_version> switch_vectors(connection& database, std::uint32_t number, bool without_comparison) {
  return change_versions(database, [&](const std::vector<vector_version>& all) -> outcome<std::uint32_t> {
    const auto wanted = std::ranges::find(all, number, &vector_version::number);
    if (wanted == all.end()) return events::fail(failure_code::not_found, "there is no version " + number_text(number) + " of the vectors");
    if (wanted->state == "serving") return events::fail(failure_code::locked, "version " + number_text(number) + " of the vectors serves already");
    if (wanted->state == "building") return events::fail(failure_code::locked, "version " + number_text(number) + " of the vectors is not complete");
    if (wanted->comparison.empty() && !without_comparison)
      return events::fail(failure_code::locked, "version " + number_text(number) + " of the vectors was not compared with the one that serves");
    if (auto served = serve_vectors(database, number); !served) return std::unexpected(served.error());
    return number;
  });
}

outcome<vector_version> roll_back_vectors(connection& database) {
  return change_versions(database, [&](const std::vector<vector_version>& all) -> outcome<std::uint32_t> {
    const vector_version* last = nullptr;
    for (const auto& each : all)
      if (each.state == "kept" && (last == nullptr || each.switched_at > last->switched_at)) last = &each;
    if (last == nullptr) return events::fail(failure_code::locked, "no older version of the vectors is kept");
    if (auto served = serve_vectors(database, last->number); !served) return std::unexpected(served.error());
    return last->number;
  });
}

outcome<void> drop_vectors(connection& database, std::uint32_t number) {
  const auto gone = vector_version_of(database, number);
  if (!gone) return std::unexpected(gone.error());
  const auto table = vector_table_name(gone->of.model, gone->of.dimension);
  const auto schemas = database.run("SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                                    "WHERE c.relname = $1 AND c.relkind = 'r' AND n.nspname LIKE 'memories\\_v%'", {table});
  if (!schemas) return std::unexpected(schemas.error());
  std::string script = "DROP VIEW IF EXISTS reverie." + table + ";";
  for (std::size_t i = 0; i < schemas->rows(); ++i) script += "DROP TABLE " + std::string(schemas->text(i, 0)) + "." + table + ";";
  return in_transaction(database, [&]() -> outcome<void> {
    // The cache is read through for this model: more than a reader's connection may take.
    if (auto patient = database.run_script("SET LOCAL statement_timeout = '30min'"); !patient) return patient;
    if (auto held = hold_all(database); !held) return held;
    const auto removed = database.run("DELETE FROM runner.vector_versions WHERE version = $1 AND state <> 'serving'", {number_text(number)});
    if (!removed) return std::unexpected(removed.error());
    if (removed->changed() == 0) return events::fail(failure_code::locked, "version " + number_text(number) + " of the vectors serves");
    if (auto dropped = database.run_script(script); !dropped) return dropped;
    // Nothing would take these along any more when a memory is forgotten.
    const auto cached = database.run("DELETE FROM cache.embeddings WHERE model = $1", {cached_model_name(gone->of.model, gone->of.dimension)});
    if (!cached) return std::unexpected(cached.error());
    return note_change(database);
  });
}

} // namespace reverie::projections
