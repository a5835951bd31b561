#pragma once

#include "actors/effects/embedder.hpp"
#include "projections/postgres/connection_pool.hpp"
#include "projections/postgres/vector_versions.hpp"
#include "projections/queries/retrieval/ranking.hpp"

#include <functional>
#include <memory>
#include <stop_token>

namespace reverie::projections {

/// How recall by the vectors of one model compares with recall by those of another, on questions that were really asked.
struct recall_comparison {
  std::uint32_t serving = 0, fresh = 0; ///< versions
  std::uint64_t queries = 0, nearest = 0; ///< messages that people wrote, and how many memories were recalled for each
  double recall_of_serving = 0;  ///< share of what is recalled now that would be recalled by the new vectors too
  double overlap = 0;            ///< what both recall, of all that either recalls
  double semantic_recall = 0;    ///< the same as the first by nearness of vectors alone
  std::uint64_t evidence_queries = 0; ///< facts whose source turn is looked for by the fact's own words
  double evidence_serving = 0, evidence_fresh = 0; ///< share of them whose turn is among the nearest
  double serving_ms = 0, fresh_ms = 0; ///< mean time of a whole search
  struct worst_query {
    events::log_position position{}; ///< of the message; its words are not repeated here
    double overlap = 0;
  };
  std::vector<worst_query> worst;
};

struct compared_vectors {
  vector_version version;
  std::shared_ptr<actors::embedder> with;
};

/// Asks the same questions by both, drawn evenly and alike each time from what people wrote. No text leaves it. `unavailable` when one of the
/// models can't be asked, `not_found` when nothing was said yet. `progress` hears after each how many questions were asked, and of how many.
outcome<recall_comparison> compare_recall(connection_pool& pool, const compared_vectors& serving, const compared_vectors& fresh, std::uint64_t queries,
                                          std::uint64_t nearest, std::stop_token stop = {}, const std::function<void(std::uint64_t, std::uint64_t)>& progress = {});

} // namespace reverie::projections
