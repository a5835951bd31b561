#include "events/kafka/kafka_lanes.hpp"

#include "events/model/limits.hpp"

namespace reverie::events {

outcome<std::unique_ptr<kafka_lane>> kafka_lanes::open_lane() {
  auto lane = std::make_unique<kafka_lane>(cluster_);
  auto handle = open_kafka(cluster_, lanes_.size() < standing_ ? kafka_role::standing_consumer : kafka_role::consumer, *lane);
  if (!handle) return std::unexpected(std::move(handle.error()));
  lane->handle = std::move(*handle);
  lane->topic.reset(rd_kafka_topic_new(lane->handle.get(), cluster_.topic.c_str(), nullptr));
  if (!lane->topic) return fail(failure_code::malformed, "'" + cluster_.topic + "' can't name a topic");
  // So that the first reader does not wait for the leaders to be learned.
  if (auto known = ask_metadata(*lane->handle, *lane->topic); !known) return std::unexpected(std::move(known.error()));
  return lane;
}

outcome<std::unique_ptr<kafka_lanes::place>> kafka_lanes::take(partition_number partition) {
  // Opening connects to a broker, under the mutex: those who come meanwhile want a new lane most often, and share this one.
  std::lock_guard lock(mutex_);
  for (auto& lane : lanes_)
    if (lane->taken.insert(partition).second) return std::make_unique<place>(*this, *lane, partition);
  if (lanes_.size() == lanes_max)
    return std::unexpected(failure{failure_code::overloaded, "partition " + std::to_string(partition.value) + " has too many readers",
                                   limits::overloaded_retry_after_ms});
  auto lane = open_lane();
  if (!lane) return std::unexpected(std::move(lane.error()));
  lanes_.push_back(std::move(*lane));
  lanes_.back()->taken.insert(partition);
  return std::make_unique<place>(*this, *lanes_.back(), partition);
}

void kafka_lanes::give_back(kafka_lane& lane, partition_number partition) {
  std::lock_guard lock(mutex_);
  lane.taken.erase(partition);
}

std::size_t kafka_lanes::lanes() const {
  std::lock_guard lock(mutex_);
  return lanes_.size();
}

} // namespace reverie::events
