#include "projections/runner/missing_embeddings.hpp"

#include "projections/postgres/array_text.hpp"
#include "projections/postgres/projection_versions.hpp"
#include "projections/postgres/vector_tables.hpp"
#include "projections/postgres/vector_versions.hpp"

#include <algorithm>

namespace reverie::projections {
namespace {

constexpr const char* rows_at_once = "1000";

/// How many of these texts the cache has vectors for.
outcome<std::uint64_t> cached_of(connection& database, const result& rows, const embedding_model& model, events::key_ring& keys, std::uint64_t& erased) {
  array_text users, hashes;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const events::user_id user{rows.uuid(i, 1)};
    const auto key = keys.load(user);
    if (!key && key.error().code == failure_code::key_destroyed) {
      ++erased;
      continue;
    }
    if (!key) return std::unexpected(key.error());
    const auto digest = events::keyed_digest(**key, "embedding", rows.text(i, 2));
    users.add(user.value);
    hashes.add(bytes_text{std::string(digest.begin(), digest.end())});
  }
  const auto found = database.run("SELECT count(*) FROM unnest($1::uuid[], $2::text[]) u(user_id, hash) "
                                  "JOIN cache.embeddings c ON c.user_id = u.user_id AND c.model = $3 AND c.content_hash = u.hash::bytea",
                                  {std::move(users).finish(), std::move(hashes).finish(), cached_model_name(model.model, model.dimension)});
  if (!found) return std::unexpected(found.error());
  return static_cast<std::uint64_t>(found->integer(0, 0));
}

} // namespace

outcome<missing_embeddings> find_missing_embeddings(connection& database, events::key_ring& keys, const std::stop_token& stop) {
  const auto memories = serving_version(database, "memories");
  if (!memories) return missing_embeddings{};
  const auto versions = read_vector_versions(database);
  if (!versions) return std::unexpected(versions.error());
  const auto serving = std::ranges::find(*versions, "serving", &vector_version::state);
  std::string known;
  embedding_model model;
  if (serving != versions->end()) {
    model = serving->of;
    const auto table = memories->schema + "." + vector_table_name(model.model, model.dimension);
    const auto there = database.run("SELECT to_regclass($1) IS NOT NULL", {table});
    if (!there) return std::unexpected(there.error());
    if (there->boolean(0, 0)) known = " AND NOT EXISTS (SELECT FROM " + table + " v WHERE v.memory_id = m.id)";
  }
  missing_embeddings found;
  std::string after = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    if (stop.stop_requested()) return events::fail(failure_code::cancelled, "stopped on request");
    const auto rows = database.run("SELECT m.id, m.user_id, m.text FROM " + memories->schema + ".memories m WHERE m.id > $1" + known + " ORDER BY m.id LIMIT " + rows_at_once, {after});
    if (!rows) return std::unexpected(rows.error());
    if (rows->rows() == 0) return found;
    after = rows->text(rows->rows() - 1, 0);
    std::uint64_t erased = 0;
    const auto cached = cached_of(database, *rows, model, keys, erased);
    if (!cached) return std::unexpected(cached.error());
    found.cached += *cached;
    found.to_be_made += rows->rows() - erased - std::min<std::uint64_t>(*cached, rows->rows() - erased);
  }
}

} // namespace reverie::projections
