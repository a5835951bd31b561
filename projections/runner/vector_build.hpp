#pragma once

#include "events/vault/key_ring.hpp"
#include "projections/postgres/vector_versions.hpp"
#include "projections/runner/embedding_worker.hpp"

#include <stop_token>

namespace reverie::projections {

/// How far a version of the vectors is.
struct vector_progress {
  std::uint64_t done = 0, total = 0, from_cache = 0;
  std::string_view step; ///< "embedding", "indexing"
};
using vector_callback = std::function<void(const vector_progress&)>;

struct vector_source {
  std::string conninfo;
  events::key_ring& keys;
  std::uint32_t partitions = 1;
};

struct vector_report {
  vector_version version;
  std::uint64_t vectors = 0, from_cache = 0;
};

/// Makes the vectors of all memories by another model or dimension, beside those that serve: from the cache, else from the model; the
/// index of nearness after the bulk, by this many workers. What was begun before is gone on with. Left ready: nothing is switched.
/// `locked` while the memories are rebuilt, `already_exists` when this model has a complete version, `cancelled` when the token says so
/// (what was made stays, to be gone on with).
outcome<vector_report> build_vectors(const vector_source& source, text_embedding with, const vector_callback& progress = {}, std::stop_token stop = {},
                                     unsigned index_workers = 2);

/// How many memories are there, and how many of them have a vector of this model.
struct vector_coverage {
  std::uint64_t memories = 0, vectors = 0;
  bool estimated = false; ///< by Postgres' statistics: may be some percent off
};
outcome<vector_coverage> coverage_of(connection& database, const embedding_model& of);
/// The same for those who look again and again: tables of more than `counted_rows_max` rows are not counted.
outcome<vector_coverage> coverage_at_a_glance(connection& database, const embedding_model& of);
inline constexpr std::uint64_t counted_rows_max = 20'000;

} // namespace reverie::projections
