#include "projections/runner/rebuild_locks.hpp"

#include "projections/runner/projection_pause.hpp"

#include <thread>

namespace reverie::projections {
namespace {

constexpr int tries_max = 20; // a tool that was killed holds its locks until Postgres has noticed
constexpr std::chrono::milliseconds between{100};

outcome<advisory_lock> lock_one(connection& holder, const fold& of) {
  const std::string name(of.name());
  for (int i = 1;; ++i) {
    auto taken = advisory_lock::try_now(holder, "rebuild." + name);
    if (taken || taken.error().code != failure_code::locked) return taken;
    if (i == tries_max) return events::fail(failure_code::locked, "a rebuild of " + name + " is running already");
    std::this_thread::sleep_for(between);
  }
}

} // namespace

outcome<std::vector<advisory_lock>> lock_rebuilds(connection& holder, std::span<const fold* const> which) {
  std::vector<advisory_lock> locks;
  for (const auto* each : which) {
    auto taken = lock_one(holder, *each);
    if (!taken) return std::unexpected(std::move(taken.error()));
    locks.push_back(std::move(*taken));
    if (auto moves = refuse_paused(holder, *each); !moves) return std::unexpected(std::move(moves.error()));
  }
  return locks;
}

} // namespace reverie::projections
