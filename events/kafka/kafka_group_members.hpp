#pragma once

#include "events/kafka/kafka_cluster.hpp"

#include <vector>

namespace reverie::events {

/// A node that a group gave partitions of the topic to.
struct kafka_group_member {
  std::string group;
  std::string name; ///< group.instance.id
  std::string host;
  std::size_t partitions = 0;
};

/// The nodes that live in any consumer group and hold partitions of the topic. One that ended counts until its session is over. Other
/// programs that read the topic in a group of theirs are left out. `unavailable` when nobody answers; groups that may not be looked at
/// are not seen. Blocks for some round trips.
outcome<std::vector<kafka_group_member>> members_on_topic(const kafka_cluster& cluster);

} // namespace reverie::events
