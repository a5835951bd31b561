#include "events/log/memory_assignment.hpp"

#include <algorithm>

namespace reverie::events {

namespace {

std::vector<partition_number> list_of(const std::set<partition_number>& partitions) { return {partitions.begin(), partitions.end()}; }

} // namespace

std::unique_ptr<memory_assignment> memory_group::member(std::string name) {
  return std::make_unique<memory_assignment>(shared_from_this(), std::move(name));
}

void memory_group::join(const std::string& name, assignment_listener listener) {
  std::lock_guard lock(mutex_);
  members_[name] = {std::move(listener), {}, false};
  deal();
}

void memory_group::leave(const std::string& name) {
  std::lock_guard lock(mutex_);
  auto found = members_.find(name);
  if (found == members_.end()) return;
  if (!found->second.expired && !found->second.held.empty()) found->second.listener.revoked(list_of(found->second.held));
  members_.erase(found);
  deal();
}

void memory_group::expire(const std::string& name) {
  std::lock_guard lock(mutex_);
  members_.at(name).expired = true;
  deal();
}

void memory_group::wake(const std::string& name) {
  std::lock_guard lock(mutex_);
  auto& one = members_.at(name);
  one.listener.lost(list_of(one.held));
  one.held.clear();
  one.expired = false;
  deal();
}

std::set<partition_number> memory_group::held_by(const std::string& name) const {
  std::lock_guard lock(mutex_);
  auto found = members_.find(name);
  return found == members_.end() ? std::set<partition_number>{} : found->second.held;
}

/// Cooperative and sticky: who has too many gives some back, then what nobody has goes to who has fewest.
void memory_group::deal() {
  std::vector<place*> alive;
  for (auto& [name, one] : members_)
    if (!one.expired) alive.push_back(&one);
  if (alive.empty()) return;
  const auto most = (partitions_ + alive.size() - 1) / alive.size();
  std::set<partition_number> free;
  for (std::uint32_t i = 0; i < partitions_; ++i) free.insert({i});
  for (auto* one : alive) {
    std::set<partition_number> over;
    while (one->held.size() > most) over.insert(one->held.extract(std::prev(one->held.end())));
    if (!over.empty()) one->listener.revoked(list_of(over));
    for (auto each : one->held) free.erase(each);
  }
  std::map<place*, std::vector<partition_number>> fresh;
  for (auto each : free) {
    auto* fewest = *std::ranges::min_element(alive, {}, [](const place* one) { return one->held.size(); });
    fewest->held.insert(each);
    fresh[fewest].push_back(each);
  }
  for (auto* one : alive)
    if (auto given = fresh.find(one); given != fresh.end()) one->listener.assigned(given->second);
}

outcome<void> memory_assignment::join(assignment_listener listener) {
  group_->join(name_, std::move(listener));
  return {};
}

} // namespace reverie::events
