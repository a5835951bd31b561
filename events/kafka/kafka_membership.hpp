#pragma once

#include "events/kafka/kafka_cluster.hpp"

namespace reverie::events {

/// Whether a group has a member of this name (group.instance.id) now, alive or not yet missed. `unavailable` when the group can't be asked.
outcome<bool> has_member(const kafka_cluster& cluster, kafka_listener& listener, const std::string& group, const std::string& member);

} // namespace reverie::events
