#pragma once

#include "events/model/failure.hpp"
#include "events/model/ids.hpp"

#include <functional>
#include <string>
#include <vector>

namespace reverie::events {

/// What a member of a group is told. Called on a thread of the assignment, one call at a time.
struct assignment_listener {
  using partitions = std::vector<partition_number>;

  /// These are to be owned here from now on, beside those that were assigned before.
  std::function<void(const partitions&)> assigned;
  /// These go to another member as soon as this returns: finish what was accepted, within a time of one's own.
  std::function<void(const partitions&)> revoked;
  /// These are, or may be, another member's already. Nothing is to be done for that: the log fences who writes on.
  std::function<void(const partitions&)> lost;
};

/// Which partitions a node is to own: a group of nodes deals them out among its members. It says who may try, never who may write; that
/// says the log. Thread-safe.
class partition_assignment {
public:
  virtual ~partition_assignment() = default;

  /// Becomes a member. `unavailable` when the group can't be asked for; `malformed` for wrong settings.
  virtual outcome<void> join(assignment_listener listener) = 0;
  /// Gives back what is assigned (`revoked` is called) and stops. Nothing is called after it.
  virtual void leave() = 0;
  /// Why nothing is assigned or what is assigned is not kept; empty when all is well.
  virtual std::string problem() const = 0;
};

} // namespace reverie::events
