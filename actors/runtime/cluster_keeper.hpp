#pragma once

#include "actors/runtime/node.hpp"
#include "events/log/partition_assignment.hpp"

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace reverie::actors::runtime {

struct keeper_options {
  std::chrono::milliseconds drain{5'000};      ///< for what was accepted, when a partition moves
  std::chrono::milliseconds take_again{3'000}; ///< an assigned partition that stepped back is taken up again after this
  std::chrono::milliseconds look{200};
};

/// Says whether the actors of a node move: each partition's actor ticks, whether or not it is owned. A detached thread that polls the
/// group says nothing about them.
class actor_pulse {
public:
  actor_pulse(std::weak_ptr<node> of, std::uint32_t partitions, std::chrono::milliseconds stalled_after)
      : node_(std::move(of)), stalled_after_(stalled_after), seen_(partitions) {}
  /// False when some partition's actor has not ticked for so long. Called by one thread.
  bool beats();

private:
  struct sight {
    std::uint64_t count = 0;
    std::chrono::steady_clock::time_point at = std::chrono::steady_clock::now();
  };
  std::weak_ptr<node> node_;
  std::chrono::milliseconds stalled_after_;
  std::vector<sight> seen_;
  std::chrono::steady_clock::time_point looked_at_ = std::chrono::steady_clock::now();
};

/// Has a node own what a group assigns to it: takes what is assigned, hands over in order what is revoked, and does nothing for what was
/// lost: the log says who may write, and a partition that another node has announced steps back by itself.
class partition_keeper {
public:
  /// Told on a thread of the group or of the keeper; must not call the keeper.
  struct listener {
    std::function<void(events::partition_number)> taken, given;
  };

  partition_keeper(std::shared_ptr<node> of, std::shared_ptr<events::partition_assignment> group, keeper_options how, line_logger say,
                   listener told = {});
  ~partition_keeper();

  events::outcome<void> start();
  /// Hands everything over and leaves the group.
  void stop();

  std::set<events::partition_number> assigned() const;
  /// Why this node is not what the group wants it to be; empty when every partition assigned to it serves.
  std::vector<std::string> problems() const;
  /// Whether the group has assigned anything (or nothing, on purpose) since the start.
  bool was_assigned() const;

private:
  using partitions = events::assignment_listener::partitions;
  void take(const partitions& given);
  void hand_over(const partitions& taken);
  void lose(const partitions& gone);
  void run(std::stop_token stop);

  std::shared_ptr<node> node_;
  std::shared_ptr<events::partition_assignment> group_;
  const keeper_options how_;
  line_logger say_;
  listener told_;
  mutable std::mutex mutex_;
  std::set<events::partition_number> assigned_;
  std::map<events::partition_number, std::chrono::steady_clock::time_point> idle_since_;
  bool was_assigned_ = false;
  std::atomic<bool> stopped_{false};
  std::jthread thread_;
};

} // namespace reverie::actors::runtime
