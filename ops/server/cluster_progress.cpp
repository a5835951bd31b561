#include "ops/server/cluster_progress.hpp"

#include <algorithm>
#include <atomic>
#include <set>

namespace reverie::ops {

using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

namespace {

constexpr milliseconds between_looks{15}, between_idle_looks{1'000}, after_failure{250};

} // namespace

void cluster_progress::start() {
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

void cluster_progress::stop() {
  thread_ = {};
  std::vector<waiting> left;
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    left.swap(waiting_);
  }
  for (const auto& each : left) each.done(false);
}

/// Whoever knows it first: this node's own workers, or the tables. A partition may move while somebody waits.
void cluster_progress::when_folded(events::log_position position, milliseconds wait, std::function<void(bool)> done) {
  struct first_of_two {
    std::function<void(bool)> done;
    std::atomic<bool> told{false};
    std::atomic<int> late{0};
  };
  auto once = std::make_shared<first_of_two>();
  once->done = std::move(done);
  auto told = [once](bool there) {
    if (!there && ++once->late < 2) return; // the other one may know
    if (!once->told.exchange(true)) once->done(there);
  };
  bool known = false, over = false;
  {
    const std::scoped_lock lock(mutex_);
    known = is_folded(position);
    over = stopped_;
    if (!known && !over) waiting_.push_back({position, clock::now() + wait, told});
  }
  if (known) return told(true);
  if (over) told(false);
  else changed_.notify_all();
  own_.when_folded(position, wait, told);
}

std::vector<projections::projection_status> cluster_progress::status() {
  auto all = own_.status();
  std::set<events::partition_number> here;
  for (const auto& each : all)
    if (!each.projection.empty()) here.insert(each.partition);
  std::erase_if(all, [&](const auto& each) { return !here.contains(each.partition); });
  const std::scoped_lock lock(mutex_);
  for (const auto& each : stored_)
    if (!here.contains(each.partition)) all.push_back(each);
  return all;
}

bool cluster_progress::is_folded(events::log_position position) const {
  bool any = false;
  for (const auto& each : stored_) {
    if (each.partition != position.partition) continue;
    any = true;
    if (each.next <= position.offset) return false;
  }
  return any;
}

void cluster_progress::answer_waiting() {
  std::vector<std::pair<std::function<void(bool)>, bool>> answers;
  {
    const std::scoped_lock lock(mutex_);
    const auto now = clock::now();
    std::erase_if(waiting_, [&](const waiting& each) {
      const bool there = is_folded(each.position);
      if (!there && each.until > now) return false;
      answers.emplace_back(each.done, there);
      return true;
    });
  }
  for (auto& [done, there] : answers) done(there);
}

events::outcome<void> cluster_progress::look(projections::connection& database) {
  auto rows = database.run("SELECT projection, version, partition, next, lag FROM reverie.projection_positions");
  if (!rows) return std::unexpected(rows.error());
  std::vector<projections::projection_status> now;
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    projections::projection_status one;
    one.projection = std::string(rows->text(i, 0));
    one.version = static_cast<std::uint32_t>(rows->integer(i, 1));
    one.partition = {static_cast<std::uint32_t>(rows->integer(i, 2))};
    one.next = {static_cast<std::uint64_t>(rows->integer(i, 3))};
    one.lag_records = static_cast<std::uint64_t>(rows->integer(i, 4));
    now.push_back(std::move(one));
  }
  const std::scoped_lock lock(mutex_);
  stored_ = std::move(now);
  return {};
}

void cluster_progress::run(std::stop_token stop) {
  std::optional<projections::connection> database;
  auto pause = milliseconds{0};
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      const bool waited_for = !waiting_.empty();
      if (pause == between_idle_looks && waited_for) pause = between_looks;
      if (pause > milliseconds{0}) changed_.wait_for(lock, stop, pause, [&] { return !waited_for && !waiting_.empty(); });
    }
    if (!database) {
      auto opened = projections::connection::open(conninfo_);
      if (opened) database = std::move(*opened);
    }
    const bool looked = database && look(*database).has_value();
    if (!looked) database.reset();
    answer_waiting();
    pause = looked ? between_idle_looks : after_failure;
  }
}

} // namespace reverie::ops
