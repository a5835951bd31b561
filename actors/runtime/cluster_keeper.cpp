#include "actors/runtime/cluster_keeper.hpp"

#include <algorithm>

namespace reverie::actors::runtime {

using clock = std::chrono::steady_clock;
using events::partition_number;

namespace {

std::string list_of(const std::vector<partition_number>& partitions) {
  std::string text;
  for (auto each : partitions) text += (text.empty() ? "" : ", ") + std::to_string(each.value);
  return text.empty() ? "none" : text;
}

} // namespace

bool actor_pulse::beats() {
  auto of = node_.lock();
  if (!of) return true;
  const auto now = clock::now();
  // Who was stopped as a whole process finds old counts, and that says nothing: the actors were stopped with it.
  const bool was_away = now - looked_at_ > stalled_after_ / 2;
  looked_at_ = now;
  bool all = true;
  for (std::uint32_t i = 0; i < seen_.size(); ++i) {
    const auto count = of->services().beats({i});
    if (count != seen_[i].count || was_away) seen_[i] = {count, now};
    else if (now - seen_[i].at > stalled_after_) all = false;
  }
  return all;
}

partition_keeper::partition_keeper(std::shared_ptr<node> of, std::shared_ptr<events::partition_assignment> group, keeper_options how,
                                   line_logger say, listener told)
    : node_(std::move(of)), group_(std::move(group)), how_(how), say_(std::move(say)), told_(std::move(told)) {}

partition_keeper::~partition_keeper() { stop(); }

events::outcome<void> partition_keeper::start() {
  auto joined = group_->join({[this](const partitions& given) { take(given); }, [this](const partitions& taken) { hand_over(taken); },
                              [this](const partitions& gone) { lose(gone); }});
  if (!joined) return joined;
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
  return {};
}

void partition_keeper::stop() {
  if (stopped_.exchange(true)) return;
  thread_ = {};
  group_->leave();
}

void partition_keeper::take(const partitions& given) {
  if (say_) say_(severity::info, "the group assigns partitions: " + list_of(given));
  {
    std::lock_guard lock(mutex_);
    assigned_.insert(given.begin(), given.end());
    was_assigned_ = true;
  }
  for (auto each : given) {
    node_->acquire(each);
    if (told_.taken) told_.taken(each);
  }
}

/// Returns when all are drained, or when the time is over: then the log fences what is left.
void partition_keeper::hand_over(const partitions& taken) {
  if (say_) say_(severity::info, "the group takes partitions: " + list_of(taken));
  {
    std::lock_guard lock(mutex_);
    for (auto each : taken) {
      assigned_.erase(each);
      idle_since_.erase(each);
    }
  }
  struct count {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t left;
  };
  auto waiting = std::make_shared<count>();
  waiting->left = taken.size();
  for (auto each : taken)
    node_->hand_over(each, how_.drain, [waiting] {
      std::lock_guard lock(waiting->mutex);
      --waiting->left;
      waiting->changed.notify_all();
    });
  constexpr std::chrono::milliseconds spare{1'000};
  std::unique_lock lock(waiting->mutex);
  if (!waiting->changed.wait_for(lock, how_.drain + spare, [&] { return waiting->left == 0; }) && say_)
    say_(severity::warning, "partitions move before all that was accepted is finished; it is answered as not done");
  lock.unlock();
  for (auto each : taken)
    if (told_.given) told_.given(each);
}

void partition_keeper::lose(const partitions& gone) {
  if (say_) say_(severity::warning, "the group has given partitions to others meanwhile: " + list_of(gone) + "; the log fences");
  {
    std::lock_guard lock(mutex_);
    for (auto each : gone) {
      assigned_.erase(each);
      idle_since_.erase(each);
    }
  }
  // Who serves notices by the log. Who is on the way to serving would announce itself over the new owner.
  for (const auto& each : node_->status())
    if (std::ranges::contains(gone, each.partition) && !each.serving) node_->hand_over(each.partition, std::chrono::milliseconds{0}, [] {});
  for (auto each : gone)
    if (told_.given) told_.given(each);
}

std::set<partition_number> partition_keeper::assigned() const {
  std::lock_guard lock(mutex_);
  return assigned_;
}

bool partition_keeper::was_assigned() const {
  std::lock_guard lock(mutex_);
  return was_assigned_;
}

std::vector<std::string> partition_keeper::problems() const {
  std::vector<std::string> all;
  if (auto problem = group_->problem(); !problem.empty()) all.push_back("group: " + problem);
  const auto mine = assigned();
  for (const auto& each : node_->status())
    if (mine.contains(each.partition) && !each.serving) all.push_back("partition " + std::to_string(each.partition.value) + ": " + each.reason);
  return all;
}

/// What is assigned and stepped back (a race lost, a zombie that announced itself) is taken up again, with time between.
void partition_keeper::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    std::this_thread::sleep_for(how_.look);
    const auto now = clock::now();
    std::vector<partition_number> again;
    const auto all = node_->status();
    {
      std::lock_guard lock(mutex_);
      for (const auto& each : all) {
        if (!assigned_.contains(each.partition) || each.serving) {
          idle_since_.erase(each.partition);
          continue;
        }
        auto& since = idle_since_.try_emplace(each.partition, now).first->second;
        if (now - since < how_.take_again) continue;
        since = now;
        again.push_back(each.partition);
      }
    }
    for (auto each : again) node_->acquire(each); // nothing happens when it is on its way already
  }
}

} // namespace reverie::actors::runtime
