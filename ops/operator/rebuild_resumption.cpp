#include "ops/operator/projection_desk.hpp"

#include "projections/postgres/projection_versions.hpp"

/// Rebuilds that a server was about when it ended go on with the next one.
namespace reverie::ops {

using std::chrono::steady_clock;

namespace {
constexpr std::chrono::milliseconds look_again{500};
constexpr int resumptions_max = 3; ///< without an operator: it may be the rebuild that ends the server
} // namespace

void projection_desk::resume_interrupted(std::chrono::milliseconds within) {
  resuming_ = std::jthread([this, within] {
    const auto stop = stopping_.get_token();
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    for (const auto until = steady_clock::now() + within; steady_clock::now() < until && !stop.stop_requested();) {
      if (!resume_free()) return;
      never.wait_for(lock, stop, look_again, [] { return false; });
    }
  });
}

/// Goes on with those that nobody works on; answers whether to look again: Postgres needs a moment to notice that who was killed is gone, and
/// without a runner of projections it would not be known where the serving versions stand.
bool projection_desk::resume_free() {
  std::vector<std::string> interrupted;
  {
    auto database = pool_.borrow();
    if (!database) return true;
    const auto rows = (*database)->run("SELECT projection FROM runner.rebuilds JOIN runner.projection_versions v USING (projection, version) "
                                       "WHERE by_server AND wanted = 'run' AND resumptions < $1 AND v.state <> 'followed' AND "
                                       "rebuilds.state IN ('running', 'paused') ORDER BY projection",
                                       {std::to_string(resumptions_max)});
    if (!rows) return true;
    for (std::size_t i = 0; i < rows->rows(); ++i) interrupted.emplace_back(rows->text(i, 0));
    if (interrupted.empty()) return false;
    const auto alive = projections::is_runner_alive(**database);
    if (!alive || !*alive) return true;
  }
  bool held = false;
  for (const auto& projection : interrupted) {
    {
      const std::scoped_lock lock(mutex_);
      if (const auto mine = rebuilds_.find(projection); mine != rebuilds_.end() && mine->second.running) continue;
    }
    const auto* of = projections::find_fold(projection);
    if (of == nullptr) continue; // of another build
    auto how = as_begun({.projection = projection, .what = "resume"});
    if (!how) {
      held = true;
      continue;
    }
    how->only_resume = true; // who is faster than we look may have ended it
    if (!begin_rebuild(*of, *how, trail_)) held = true;
  }
  return held;
}

} // namespace reverie::ops
