#include "projections/runner/projection_runner.hpp"

#include "projections/postgres/projection_schemas.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace reverie::projections {
namespace {

constexpr std::chrono::milliseconds shortest_pause{100}, longest_pause{5'000}, notice_wait{200};

} // namespace

projection_runner::projection_runner(options how, events::event_log& log, events::key_ring& keys)
    : how_(std::move(how)), board_(log.partitions()), context_{how_.conninfo, log, keys, how_.folds, board_, how_.after_commit} {}

projection_runner::~projection_runner() { stop(); }

outcome<void> projection_runner::start() {
  auto database = connection::open(how_.conninfo);
  if (!database) return std::unexpected(database.error());
  for (const auto* each : how_.folds) {
    if (auto made = ensure_schema(*database, *each, context_.log.partitions()); !made) return made;
    const auto serving = serving_version(*database, each->name());
    if (!serving) return std::unexpected(serving.error());
    if (auto made = ensure_indexes(*database, *each, *serving); !made) return made;
  }
  for (std::uint32_t i = 0; i < context_.log.partitions(); ++i)
    workers_.push_back(std::make_unique<partition_worker>(context_, events::partition_number{i}));
  for (auto& each : workers_) each->start();
  watcher_ = std::jthread([this](std::stop_token stop) { watch(stop); });
  return {};
}

void projection_runner::stop() {
  watcher_ = {};
  for (auto& each : workers_) each->stop();
  workers_.clear();
  board_.stop();
}

/// Tells the workers when what they follow has changed. They would see it with their next commit too: this is for those that idle. Its
/// connection holds the mark by which a rebuild knows that somebody follows.
void projection_runner::watch(std::stop_token stop) {
  auto pause = shortest_pause;
  while (!stop.stop_requested()) {
    auto database = connection::open(how_.conninfo);
    const bool listening = database && database->run_script(std::string("LISTEN ") + versions_channel) && mark_runner_alive(*database);
    if (listening) {
      for (auto& each : workers_) each->look_again(); // what was told while nobody listened
      pause = shortest_pause;
      while (!stop.stop_requested()) {
        const auto told = database->wait_for_notice(notice_wait);
        if (!told) break;
        if (*told)
          for (auto& each : workers_) each->look_again();
      }
    }
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait_for(lock, stop, pause, [] { return false; });
    pause = std::min(pause * 2, longest_pause);
  }
}

} // namespace reverie::projections
