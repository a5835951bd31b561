#include "actors/runtime/cluster_errands.hpp"

#include <algorithm>

namespace reverie::actors::runtime::cluster {

void errand_desk::start() {
  thread_ = std::jthread([this](std::stop_token stop) { look(stop); });
}

void errand_desk::stop() {
  thread_ = {};
  std::unordered_map<std::uint64_t, waiting_errand> left;
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    left = std::exchange(all_, {});
  }
  for (auto& [number, each] : left) each.what.give_up();
}

void errand_desk::run(errand what) {
  std::uint64_t number = 0;
  {
    std::lock_guard lock(mutex_);
    if (!stopped_ && all_.size() < at_most_) {
      number = ++last_number_;
      const auto now = known_.clock->steady();
      auto& added = all_[number];
      added.due = now + what.within;
      added.again_at = added.due;
      added.what = std::move(what);
    }
  }
  if (number == 0) return what.give_up();
  send_out(number);
}

/// To the owner; to ourselves when it is us. Nobody knows the owner, or it can't be reached: looked at again soon.
void errand_desk::send_out(std::uint64_t number) {
  std::unique_lock lock(mutex_);
  auto found = all_.find(number);
  if (found == all_.end()) return;
  const auto partition = found->second.what.partition;
  const auto owner = known_.owner_of(partition).value_or(std::string{});
  found->second.again_at = found->second.due;
  if (owner.empty()) {
    lock.unlock();
    return again(number, false);
  }
  if (owner == known_.self) {
    found->second.here = true;
    found->second.asked.clear();
    auto here = found->second.what.here;
    lock.unlock();
    return here([self = weak_from_this(), number](bool over) {
      if (auto desk = self.lock()) desk->end_here(number, over);
    });
  }
  found->second.asked = owner;
  const auto kind = found->second.what.kind;
  auto body = found->second.what.body;
  lock.unlock();
  if (!known_.send(owner, kind, number, body)) again(number, false);
}

void errand_desk::end_here(std::uint64_t number, bool over) {
  {
    std::lock_guard lock(mutex_);
    auto known = all_.find(number);
    if (known == all_.end()) return;
    known->second.here = false;
    if (over) {
      all_.erase(known);
      return;
    }
  }
  again(number, false);
}

void errand_desk::again(std::uint64_t number, bool at_once) {
  std::lock_guard lock(mutex_);
  auto found = all_.find(number);
  if (found == all_.end() || found->second.here) return;
  auto& one = found->second;
  one.asked.clear();
  one.again_at = std::min(one.due, known_.clock->steady() + (at_once ? std::chrono::milliseconds{0} : one.wait));
  one.wait = std::min(longest_wait, one.wait * 2);
  changed_.notify_all();
}

void errand_desk::answered(std::uint64_t number, const reply_to_request& reply) {
  std::function<void(const reply_to_request&)> take;
  {
    std::lock_guard lock(mutex_);
    auto found = all_.find(number);
    if (found == all_.end()) return;
    if (!reply.elsewhere) {
      take = std::move(found->second.what.take);
      all_.erase(found);
    }
  }
  if (take) take(reply);
  else again(number, false);
}

void errand_desk::owner_changed(events::partition_number partition) {
  std::vector<std::uint64_t> moved;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [number, one] : all_)
      if (one.what.partition == partition && !one.here) moved.push_back(number);
  }
  for (auto number : moved) again(number, true);
}

void errand_desk::unreachable(const std::string& node) {
  std::vector<std::uint64_t> asked;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [number, one] : all_)
      if (one.asked == node) asked.push_back(number);
  }
  for (auto number : asked) again(number, false);
}

std::size_t errand_desk::under_way() const {
  std::lock_guard lock(mutex_);
  return all_.size();
}

void errand_desk::look(std::stop_token stop) {
  constexpr std::chrono::milliseconds pause{20};
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, stop, pause, [] { return false; });
    }
    look_once();
  }
}

void errand_desk::look_once() {
  std::vector<std::uint64_t> due;
  std::vector<std::function<void()>> over;
  {
    std::lock_guard lock(mutex_);
    const auto now = known_.clock->steady();
    for (auto each = all_.begin(); each != all_.end();) {
      if (each->second.due <= now) {
        over.push_back(std::move(each->second.what.give_up));
        each = all_.erase(each);
        continue;
      }
      if (each->second.again_at <= now) due.push_back(each->first);
      ++each;
    }
  }
  for (auto& each : over) each();
  for (auto number : due) send_out(number);
  if (known_.tick) known_.tick();
}

} // namespace reverie::actors::runtime::cluster
