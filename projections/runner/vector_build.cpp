#include "projections/runner/vector_build.hpp"

#include "projections/postgres/advisory_lock.hpp"
#include "projections/postgres/array_text.hpp"
#include "projections/postgres/projection_versions.hpp"
#include "projections/postgres/vector_tables.hpp"

namespace reverie::projections {

outcome<vector_coverage> coverage_of(connection& database, const embedding_model& of) {
  const auto serving = serving_version(database, "memories");
  if (!serving) return std::unexpected(serving.error());
  const auto table = serving->schema + "." + vector_table_name(of.model, of.dimension);
  const auto there = database.run("SELECT to_regclass($1) IS NOT NULL, (SELECT count(*) FROM " + serving->schema + ".memories)", {table});
  if (!there) return std::unexpected(there.error());
  vector_coverage found{.memories = static_cast<std::uint64_t>(there->integer(0, 1))};
  if (!there->boolean(0, 0)) return found;
  const auto vectors = database.run("SELECT count(*) FROM " + table);
  if (!vectors) return std::unexpected(vectors.error());
  found.vectors = static_cast<std::uint64_t>(vectors->integer(0, 0));
  return found;
}

outcome<vector_coverage> coverage_at_a_glance(connection& database, const embedding_model& of) {
  const auto serving = serving_version(database, "memories");
  if (!serving) return std::unexpected(serving.error());
  const auto rows = database.run("SELECT coalesce(max(greatest(c.reltuples, pg_stat_get_live_tuples(c.oid), 0)), 0)::bigint "
                                 "FROM unnest($1::text[]) WITH ORDINALITY AS n(name, place) LEFT JOIN pg_class c ON c.oid = to_regclass(n.name) GROUP BY place ORDER BY place",
                                 {array_of({serving->schema + ".memories", serving->schema + "." + vector_table_name(of.model, of.dimension)})});
  if (!rows) return std::unexpected(rows.error());
  const auto memories = static_cast<std::uint64_t>(rows->integer(0, 0)), vectors = static_cast<std::uint64_t>(rows->integer(1, 0));
  if (std::max(memories, vectors) <= counted_rows_max) return coverage_of(database, of);
  return vector_coverage{.memories = memories, .vectors = vectors, .estimated = true};
}

outcome<vector_report> build_vectors(const vector_source& source, text_embedding with, const vector_callback& progress, std::stop_token stop,
                                     unsigned index_workers) {
  auto database = connection::open(source.conninfo), holder = connection::open(source.conninfo);
  if (!database || !holder) return std::unexpected((database ? holder : database).error());
  const auto alone = advisory_lock::try_now(*holder, "rebuild.memories");
  if (!alone && alone.error().code == failure_code::locked) return events::fail(failure_code::locked, "the memories or their vectors are being made anew already");
  if (!alone) return std::unexpected(alone.error());
  const embedding_model of{with.model, with.dimension};
  auto version = begin_vectors(*database, of);
  if (!version) return std::unexpected(version.error());
  const auto begun = coverage_of(*database, of);
  if (!begun) return std::unexpected(begun.error());
  vector_progress now{.done = begun->vectors, .total = begun->memories, .step = "embedding"};
  if (progress) progress(now);
  with.upkeep = vector_upkeep::building;
  with.after_batch = [&](std::size_t written, std::size_t from_cache) {
    now.done += written;
    now.total = std::max(now.total, now.done);
    now.from_cache += from_cache;
    if (progress) progress(now);
    return !stop.stop_requested();
  };
  embedding_worker worker(source.conninfo, std::move(with), source.keys, source.partitions);
  if (auto filled = worker.catch_up(*database); !filled) return std::unexpected(filled.error());
  now.step = "indexing";
  if (progress) progress(now);
  const auto serving = serving_version(*database, "memories");
  if (!serving) return std::unexpected(serving.error());
  if (auto indexed = ensure_vector_table(*database, serving->schema, of.model, of.dimension, index_workers); !indexed) return std::unexpected(indexed.error());
  // What was said meanwhile; what comes after this is the server's.
  if (auto filled = worker.catch_up(*database); !filled) return std::unexpected(filled.error());
  if (auto ready = finish_vectors(*database, version->number); !ready) return std::unexpected(ready.error());
  auto made = vector_version_of(*database, version->number);
  if (!made) return std::unexpected(made.error());
  return vector_report{std::move(*made), now.done, now.from_cache};
}

} // namespace reverie::projections
