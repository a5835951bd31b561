#pragma once

#include "events/kafka/kafka_cluster.hpp"
#include "events/model/ids.hpp"

#include <memory>
#include <mutex>
#include <set>
#include <vector>

namespace reverie::events {

/// One consumer and the partitions it reads now. A consumer can read a partition only once at a time.
struct kafka_lane : kafka_listener {
  using kafka_listener::kafka_listener;
  kafka_handle handle;
  kafka_topic_handle topic;
  std::set<partition_number> taken; ///< under the lanes' mutex
};

/// The consumers of a log: each feeds the readers of many partitions, and there are as many as one partition has readers at a time. A
/// consumer costs threads and a standing request to each broker, so a reader does not get one of its own; and they are kept, so that
/// opening a reader connects to nobody. Thread-safe.
class kafka_lanes {
public:
  static constexpr std::size_t lanes_max = 64;

  /// The first `standing` lanes are tuned for readers that stay: those of a server that tails and projects every partition.
  kafka_lanes(const kafka_cluster& cluster, std::size_t standing) : cluster_(cluster), standing_(standing) {}

  /// A partition of a lane for one reader; gives it back when it goes.
  class place {
  public:
    place(kafka_lanes& lanes, kafka_lane& lane, partition_number partition) : lanes_(lanes), lane_(lane), partition_(partition) {}
    ~place() { lanes_.give_back(lane_, partition_); }
    place(const place&) = delete;
    place& operator=(const place&) = delete;
    rd_kafka_t& handle() const { return *lane_.handle; }
    rd_kafka_topic_t& topic() const { return *lane_.topic; }

  private:
    kafka_lanes& lanes_;
    kafka_lane& lane_;
    partition_number partition_;
  };

  /// `overloaded` when the partition has lanes_max readers.
  outcome<std::unique_ptr<place>> take(partition_number partition);
  std::size_t lanes() const;

private:
  outcome<std::unique_ptr<kafka_lane>> open_lane();
  void give_back(kafka_lane& lane, partition_number partition);

  const kafka_cluster& cluster_;
  const std::size_t standing_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<kafka_lane>> lanes_;
};

} // namespace reverie::events
