#pragma once

#include "events/kafka/kafka_lanes.hpp"
#include "events/kafka/kafka_topic.hpp"
#include "events/kafka/kafka_writer.hpp"
#include "events/log/event_log.hpp"
#include "events/model/limits.hpp"

#include <future>
#include <unordered_set>

namespace reverie::events {

class kafka_log_reader;

struct kafka_log_options {
  kafka_cluster cluster;
  kafka_topic_wish topic;
  std::chrono::milliseconds append_deadline = limits::append_deadline_ms; ///< then an append is answered `timed_out`
  std::size_t standing_readers = 0; ///< of each partition; those opened first are taken for them
};

/// The log in a topic of a Kafka cluster, for more than one machine. Appends go through an idempotent producer with `acks=all` and
/// carry our own deadline; the broker's word that a record is stored says nothing about who owned the partition, so whether it counts
/// is for the read-back and the epoch rule to say. Thread-safe; readers must not outlive it.
class kafka_log : public event_log {
public:
  /// Reaches the cluster and makes or checks the topic: `unavailable` when no broker answers, `already_exists` when the topic can't be
  /// the log (the message names each wrong setting), `malformed` for wrong options.
  static outcome<std::unique_ptr<kafka_log>> open(kafka_log_options options);
  ~kafka_log() override;

  std::uint32_t partitions() const override { return facts_.partitions; }
  void append(partition_number partition, record content, append_done done) override;
  outcome<log_range> range(partition_number partition) override;
  outcome<std::unique_ptr<log_reader>> reader(partition_number partition, log_offset from) override;
  /// What waits of this partition is answered `outcome_unknown`, and it gets a producer that never wrote to it. The old one is purged
  /// and destroyed as soon as no partition uses it.
  outcome<void> reset_writer(partition_number partition) override;
  void close() override;

  const kafka_topic_facts& facts() const { return facts_; }
  /// Consumers open now: as many as the most-read partition had readers.
  std::size_t consumers() const { return lanes_.lanes(); }

private:
  friend class kafka_log_reader;

  explicit kafka_log(kafka_log_options options);

  outcome<void> start();
  outcome<std::shared_ptr<kafka_writer>> fresh_writer();
  void retire(std::shared_ptr<kafka_writer> writer);
  void forget_reader(kafka_log_reader& reader);
  bool closed() const { return closed_.load(); }

  const kafka_log_options options_;
  kafka_listener listener_;
  kafka_handle asker_;
  kafka_topic_handle asked_topic_;
  kafka_topic_facts facts_;
  append_budget budget_;
  kafka_lanes lanes_;
  std::vector<std::atomic<std::uint64_t>> first_kept_; ///< by partition, as last seen

  std::mutex writers_mutex_;
  std::vector<std::shared_ptr<kafka_writer>> writers_; ///< by partition; many share one
  std::shared_ptr<kafka_writer> newest_;
  std::vector<std::future<void>> retiring_;

  std::mutex readers_mutex_;
  std::unordered_set<kafka_log_reader*> readers_;
  std::atomic<bool> closed_{false};
};

} // namespace reverie::events
