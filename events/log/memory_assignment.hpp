#pragma once

#include "events/log/partition_assignment.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <set>

namespace reverie::events {

class memory_assignment;

/// A group in memory, for tests: deals partitions out evenly, keeps with each member what it has, calls on the caller's thread.
class memory_group : public std::enable_shared_from_this<memory_group> {
public:
  explicit memory_group(std::uint32_t partitions) : partitions_(partitions) {}

  std::unique_ptr<memory_assignment> member(std::string name);
  /// The member is taken for dead: its partitions go to the others, and it hears of it only by `wake`.
  void expire(const std::string& name);
  /// The member that was taken for dead hears that it lost all, and joins again.
  void wake(const std::string& name);
  std::set<partition_number> held_by(const std::string& name) const;

private:
  friend class memory_assignment;
  struct place {
    assignment_listener listener;
    std::set<partition_number> held;
    bool expired = false;
  };

  void join(const std::string& name, assignment_listener listener);
  void leave(const std::string& name);
  void deal();

  const std::uint32_t partitions_;
  mutable std::recursive_mutex mutex_; ///< listeners are called under it
  std::map<std::string, place> members_;
};

/// A member of a group in memory.
class memory_assignment : public partition_assignment {
public:
  memory_assignment(std::shared_ptr<memory_group> group, std::string name) : group_(std::move(group)), name_(std::move(name)) {}
  ~memory_assignment() override { leave(); }

  outcome<void> join(assignment_listener listener) override;
  void leave() override { group_->leave(name_); }
  std::string problem() const override { return {}; }

private:
  std::shared_ptr<memory_group> group_;
  std::string name_;
};

} // namespace reverie::events
