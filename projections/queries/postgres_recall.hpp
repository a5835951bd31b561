#pragma once

#include "actors/effects/embedder.hpp"
#include "actors/effects/recall.hpp"
#include "projections/postgres/connection_pool.hpp"
#include "projections/queries/active_embedder.hpp"
#include "projections/queries/bond_index.hpp"
#include "projections/runner/progress.hpp"

#include <memory>

namespace reverie::projections {

/// The one retrieval function over the memories projection. What may not be seen (another's, another branch's, forgotten) never gets to
/// the ranking: documents come from `reverie.memory_documents` of one bond alone. Candidates are exact by words (postings), and by
/// meaning the nearest vectors; memories without a vector yet are found by their words. One transaction's snapshot per query.
/// Thread-safe; calls block on Postgres and, for the question's vector, on the embedder.
class postgres_recall : public actors::recall {
public:
  /// `embedder` and `progress` may be null: words only, no waiting for a position. All must outlive it.
  postgres_recall(connection_pool& pool, actors::embedder* embedder, projection_progress* progress = nullptr, ranking_options options = {})
      : pool_(pool), embedder_(embedder), progress_(progress), options_(options) {}
  /// Goes by the vectors of the version that serves, whichever that is at the time.
  postgres_recall(connection_pool& pool, active_embedder& active, projection_progress* progress = nullptr, ranking_options options = {})
      : pool_(pool), active_(&active), progress_(progress), options_(options) {}

  /// `unavailable` without Postgres, or when `min_position` is not reached within limits::read_own_writes_wait_ms. A nil character
  /// searches all of the user's bonds.
  events::outcome<actors::recall_result> find(const actors::recall_query& query) override;

private:
  struct search;
  void embed(search& asked, actors::recall_result& found);
  outcome<void> wait_for(events::log_position position);
  outcome<std::vector<actors::recalled_memory>> find_in(connection& database, const search& asked, events::user_id user, events::character_id character);
  outcome<std::shared_ptr<const bond_index>> index_of(connection& database, const events::uuid& bond, std::int64_t generation,
                                                      std::int64_t next_ordinal, const std::array<std::vector<std::string>, 2>& names);
  outcome<std::vector<document_cosine>> cosines(connection& database, const search& asked, const events::uuid& bond, const bond_index& index);

  outcome<std::vector<std::vector<term_occurrence>>> occurrences_of(connection& database, const std::string& bond, const bond_index& index,
                                                                    const std::vector<std::string>& terms);
  outcome<std::vector<actors::recalled_memory>> details_of(connection& database, const search& asked, const std::string& bond,
                                                           events::character_id character, const bond_index& index, const std::vector<ranked>& best);

  connection_pool& pool_;
  actors::embedder* embedder_ = nullptr;
  active_embedder* active_ = nullptr;
  projection_progress* progress_;
  ranking_options options_;
  bond_index_cache cache_;
};

} // namespace reverie::projections
