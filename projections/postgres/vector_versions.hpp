#pragma once

#include "events/model/time.hpp"
#include "projections/postgres/connection.hpp"

namespace reverie::projections {

/// What names the vectors of an embedder.
struct embedding_model {
  std::string model;
  std::size_t dimension = 0;
  friend bool operator==(const embedding_model&, const embedding_model&) = default;
};

/// One embedding model's vectors of all memories.
struct vector_version {
  std::uint32_t number = 1;
  embedding_model of;
  std::string state; ///< building, ready, serving, kept (it served before, and is kept up to date)
  events::timestamp created_at{};
  std::optional<events::timestamp> switched_at;
  std::string comparison; ///< JSON; empty when none was made
};

outcome<std::vector<vector_version>> read_vector_versions(connection& database);
/// `not_found` when there is none of that number.
outcome<vector_version> vector_version_of(connection& database, std::uint32_t number);

/// Called when a server starts, with the models it can ask, the one it is set to first. When nothing serves, or what serves can't be asked
/// by this server (nobody could embed a question then), the first serves from now on. Answers the one that serves.
outcome<vector_version> settle_vectors(connection& database, const std::vector<embedding_model>& available);

/// A version in state building for this model: a new one, or the one that was begun. `already_exists` when it is there complete.
outcome<vector_version> begin_vectors(connection& database, const embedding_model& of);
outcome<void> finish_vectors(connection& database, std::uint32_t number);
outcome<void> keep_comparison(connection& database, std::uint32_t number, const std::string& comparison);

/// Searches go by it from now on; what served is kept. `locked` for one that is not ready, or that nobody has compared (unless that is wanted).
outcome<vector_version> switch_vectors(connection& database, std::uint32_t number, bool without_comparison);
/// Back to the one that served before. `locked` when none is kept.
outcome<vector_version> roll_back_vectors(connection& database);
/// Takes a version away with its tables and what the cache holds of its model. `locked` for the one that serves.
outcome<void> drop_vectors(connection& database, std::uint32_t number);

} // namespace reverie::projections
