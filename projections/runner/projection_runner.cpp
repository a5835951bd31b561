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
    : how_(std::move(how)), board_(log.partitions()), context_{how_.conninfo, log, keys, how_.folds, board_, how_.after_commit} {
  if (how_.follow_all)
    for (std::uint32_t i = 0; i < log.partitions(); ++i) wanted_.insert({i});
}

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
  {
    const std::scoped_lock lock(mutex_);
    started_ = true;
    for (auto each : wanted_) begin(each);
  }
  watcher_ = std::jthread([this](std::stop_token stop) { watch(stop); });
  return {};
}

void projection_runner::stop() {
  watcher_ = {};
  {
    const std::scoped_lock lock(mutex_);
    started_ = false;
    for (auto& [partition, each] : workers_) each->stop();
    workers_.clear();
  }
  board_.stop();
}

void projection_runner::begin(events::partition_number partition) {
  auto& worker = workers_[partition];
  if (worker) worker->stop(); // it may have ended, as another had taken over
  worker = std::make_unique<partition_worker>(context_, partition);
  worker->start();
}

void projection_runner::follow(events::partition_number partition) {
  const std::scoped_lock lock(mutex_);
  wanted_.insert(partition);
  if (started_) begin(partition);
}

void projection_runner::unfollow(events::partition_number partition) {
  const std::scoped_lock lock(mutex_);
  wanted_.erase(partition);
  auto found = workers_.find(partition);
  if (found == workers_.end()) return;
  found->second->stop();
  workers_.erase(found);
  board_.report(partition, {});
}

void projection_runner::tell_all() {
  const std::scoped_lock lock(mutex_);
  for (auto& [partition, each] : workers_) each->look_again();
}

/// Tells the workers when what they follow has changed. They would see it with their next commit too: this is for those that idle. Its
/// connection holds the mark by which a rebuild knows that somebody follows.
void projection_runner::watch(std::stop_token stop) {
  auto pause = shortest_pause;
  while (!stop.stop_requested()) {
    auto database = connection::open(how_.conninfo);
    const bool listening = database && database->run_script(std::string("LISTEN ") + versions_channel) && mark_runner_alive(*database);
    if (listening) {
      tell_all(); // what was told while nobody listened
      pause = shortest_pause;
      while (!stop.stop_requested()) {
        const auto told = database->wait_for_notice(notice_wait);
        if (!told) break;
        if (*told) tell_all();
      }
    }
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait_for(lock, stop, pause, [] { return false; });
    pause = std::min(pause * 2, longest_pause);
  }
}

} // namespace reverie::projections
