#include "projections/runner/progress_board.hpp"

#include <algorithm>

namespace reverie::projections {

progress_board::progress_board(std::uint32_t partitions) : partitions_(partitions), lost_(partitions), thread_([this] { run(); }) {}

progress_board::~progress_board() { stop(); }

void progress_board::stop() {
  std::vector<waiting> left;
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    left.swap(waiting_);
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  for (const auto& each : left) each.done(false);
}

bool progress_board::is_folded(events::log_position position) const {
  if (position.partition.value >= partitions_.size()) return false;
  const auto& all = partitions_[position.partition.value];
  return !all.empty() && !lost_[position.partition.value] && std::ranges::all_of(all, [&](const auto& each) { return !each.serving || each.next > position.offset; });
}

void progress_board::when_folded(events::log_position position, std::chrono::milliseconds wait, std::function<void(bool)> done) {
  bool there = false, over = false;
  {
    const std::scoped_lock lock(mutex_);
    there = is_folded(position);
    over = stopping_;
    if (!there && !over) waiting_.push_back({position, std::chrono::steady_clock::now() + wait, done});
  }
  if (there || over) done(there);
  else changed_.notify_all();
}

std::vector<projection_status> progress_board::status() {
  const std::scoped_lock lock(mutex_);
  std::vector<projection_status> all;
  const auto now = clock::now();
  for (const auto& each : partitions_) {
    for (auto one : each) {
      const auto seen = caught_up_.find({one.partition.value, one.projection, one.version});
      if (one.lag_records > 0 && seen != caught_up_.end()) {
        const auto since = one.folded_until ? std::max<clock::time_point>(seen->second, *one.folded_until) : seen->second;
        one.lag_seconds = std::max(0.0, std::chrono::duration<double>(now - since).count());
      }
      all.push_back(std::move(one));
    }
  }
  return all;
}

void progress_board::report(events::partition_number partition, std::vector<projection_status> now) {
  std::vector<waiting> reached;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& each : now) {
      const auto [seen, fresh] = caught_up_.try_emplace({partition.value, each.projection, each.version}, clock::now());
      if (!fresh && each.lag_records == 0) seen->second = clock::now();
    }
    partitions_[partition.value] = std::move(now);
    lost_[partition.value] = false;
    const auto split = std::partition(waiting_.begin(), waiting_.end(), [&](const auto& each) { return !is_folded(each.position); });
    reached.assign(std::make_move_iterator(split), std::make_move_iterator(waiting_.end()));
    waiting_.erase(split, waiting_.end());
  }
  for (const auto& each : reached) each.done(true);
}

void progress_board::report_problem(events::partition_number partition, std::string problem, bool lost_place) {
  const std::scoped_lock lock(mutex_);
  lost_[partition.value] = lost_[partition.value] || lost_place;
  auto& all = partitions_[partition.value];
  if (all.empty()) all.push_back({"", 0, partition, {}, 0, 0, {}});
  for (auto& each : all) each.problem = problem;
}

void progress_board::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (waiting_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto first = std::ranges::min_element(waiting_, {}, &waiting::until);
    if (first->until > std::chrono::steady_clock::now()) {
      const auto until = first->until;
      changed_.wait_until(lock, until);
      continue;
    }
    const auto late = std::move(*first);
    waiting_.erase(first);
    lock.unlock();
    late.done(false);
    lock.lock();
  }
}

} // namespace reverie::projections
