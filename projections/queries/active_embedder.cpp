#include "projections/queries/active_embedder.hpp"

#include <algorithm>

namespace reverie::projections {
namespace {

constexpr std::chrono::milliseconds look_every{1'000};

} // namespace

std::vector<embedding_model> active_embedder::models() const {
  std::vector<embedding_model> all;
  for (const auto& each : known_) all.push_back({each->model(), each->dimension()});
  return all;
}

std::shared_ptr<actors::embedder> active_embedder::find(const embedding_model& of) const {
  const auto found = std::ranges::find_if(known_, [&](const auto& each) { return each->model() == of.model && each->dimension() == of.dimension; });
  return found == known_.end() ? nullptr : *found;
}

std::shared_ptr<actors::embedder> active_embedder::now() {
  const auto moment = std::chrono::steady_clock::now();
  {
    const std::scoped_lock lock(mutex_);
    if (any_ && moment - looked_ < look_every) return last_;
    looked_ = moment; // others go by the last answer meanwhile
  }
  auto database = pool_.borrow();
  const auto all = database ? read_vector_versions(**database) : outcome<std::vector<vector_version>>(std::unexpected(database.error()));
  const std::scoped_lock lock(mutex_);
  if (!all) return last_;
  const auto serving = std::ranges::find(*all, "serving", &vector_version::state);
  // Before anything was settled, the one the server is set to.
  last_ = serving == all->end() ? known_.front() : find(serving->of);
  any_ = true;
  return last_;
}

} // namespace reverie::projections
