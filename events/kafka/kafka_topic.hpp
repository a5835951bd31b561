#pragma once

#include "events/kafka/kafka_cluster.hpp"

#include <cstdint>
#include <optional>

namespace reverie::events {

/// What is asked of the log's topic.
struct kafka_topic_wish {
  std::optional<std::uint32_t> partitions; ///< of a new topic (none: 64); one that exists must have as many, when named
  std::uint32_t replication = 0;           ///< at least so many replicas; 0: of a new topic 3, or one per broker where there are fewer
  bool create = true;                      ///< make it when it is not there
};

struct kafka_topic_facts {
  std::uint32_t partitions = 0;
  std::uint32_t replication = 0; ///< of the partition that has fewest
  std::string cluster_id;
};

inline constexpr std::uint32_t kafka_partitions_default = 64;

/// Makes the topic, or holds the one that exists to what the log needs: kept for ever, never compacted, large enough records, as many
/// replicas as asked for, of which two must hold a record before it is acknowledged wherever there are three. `already_exists` names
/// every setting that is wrong; `not_found` when there is none and none is to be made; `unavailable` when nobody answers.
outcome<kafka_topic_facts> ensure_topic(rd_kafka_t& handle, const kafka_cluster& cluster, const kafka_topic_wish& wish);

} // namespace reverie::events
