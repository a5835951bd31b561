#pragma once

#include "events/vault/key_ring.hpp"
#include "projections/postgres/connection.hpp"

#include <stop_token>

namespace reverie::projections {

/// Memories of the serving version without a vector of the model that searches go by.
struct missing_embeddings {
  std::uint64_t to_be_made = 0; ///< the model would be asked
  std::uint64_t cached = 0;     ///< the cache has them
};

/// Looks each of them up in the cache. Memories of people who were erased have none and need none.
/// `cancelled` when it is told to stop.
outcome<missing_embeddings> find_missing_embeddings(connection& database, events::key_ring& keys, const std::stop_token& stop);

} // namespace reverie::projections
