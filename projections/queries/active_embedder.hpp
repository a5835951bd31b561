#pragma once

#include "actors/effects/embedder.hpp"
#include "projections/postgres/connection_pool.hpp"
#include "projections/postgres/vector_versions.hpp"

#include <chrono>
#include <memory>
#include <mutex>

namespace reverie::projections {

/// The embedder whose vectors searches go by: that of the version that serves. Looked up once a second at most, so that a switch holds soon
/// on every server; until then, and without Postgres, the one before. Thread-safe; may block.
class active_embedder {
public:
  /// The first is the one the server is set to.
  active_embedder(connection_pool& pool, std::vector<std::shared_ptr<actors::embedder>> known) : pool_(pool), known_(std::move(known)) {}

  /// Null when what serves is of a model that this server can't ask.
  std::shared_ptr<actors::embedder> now();

  std::vector<embedding_model> models() const;
  /// Null for one that this server can't ask.
  std::shared_ptr<actors::embedder> find(const embedding_model& of) const;

private:
  connection_pool& pool_;
  const std::vector<std::shared_ptr<actors::embedder>> known_;
  std::mutex mutex_;
  std::shared_ptr<actors::embedder> last_;
  std::chrono::steady_clock::time_point looked_{};
  bool any_ = false;
};

} // namespace reverie::projections
