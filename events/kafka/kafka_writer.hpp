#pragma once

#include "events/kafka/kafka_cluster.hpp"
#include "events/log/event_log.hpp"

#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

namespace reverie::events {

/// What all producers of a log hold together, so that one bound holds for all.
class append_budget {
public:
  /// False when there is no room.
  bool take(std::size_t bytes);
  void give_back(std::size_t bytes);

private:
  std::atomic<std::size_t> records_{0}, bytes_{0};
};

/// One idempotent producer, and what was given to it. The deadline of an append is its own: past it the answer is `timed_out`, while
/// librdkafka goes on trying; what it still stores then is for the epoch rule to drop. Thread-safe.
class kafka_writer : private kafka_listener {
public:
  static outcome<std::unique_ptr<kafka_writer>> open(const kafka_cluster& cluster, append_budget& budget, std::chrono::milliseconds deadline);
  /// Purges what was not delivered and ends the producer; may take a second.
  ~kafka_writer() override;

  /// Gives the record to the producer; `bytes` of the budget are given back when librdkafka lets go of it. Answers on the producer's
  /// thread, or at once when it is not taken.
  void append(partition_number partition, const record& content, std::size_t bytes, event_log::append_done done);
  /// Answers `outcome_unknown` to what waits of this partition.
  void forget(partition_number partition);
  /// Waits until nothing is under way; past the deadlines that is so in any case.
  void drain();

private:
  struct ticket {
    partition_number partition{};
    std::size_t bytes = 0;
    std::chrono::steady_clock::time_point due;
    event_log::append_done done; ///< empty: answered
    std::list<ticket>::iterator self;
    bool late = false; ///< answered before librdkafka let go of it
  };
  using answers = std::vector<std::pair<event_log::append_done, failure>>;

  kafka_writer(const kafka_cluster& cluster, append_budget& budget, std::chrono::milliseconds deadline);

  void delivered(const rd_kafka_message_t& message) override;
  rd_kafka_resp_err_t produce(ticket& one, const std::string& key, const std::string& value, kafka_headers headers);
  outcome<log_offset> judge(const rd_kafka_message_t& message) const;
  void run(std::stop_token stop);
  void answer_overdue();
  /// Takes the answer of a waiting ticket and sets it aside.
  event_log::append_done take_answer(std::list<ticket>::iterator one);
  static void give(answers& given);

  append_budget& budget_;
  const std::chrono::milliseconds deadline_;
  std::string topic_name_;
  std::mutex mutex_;
  std::condition_variable nothing_waits_;
  std::list<ticket> waiting_; ///< in the order of their deadlines
  std::list<ticket> late_;
  kafka_handle handle_;
  kafka_topic_handle topic_;
  kafka_queue main_queue_;
  std::jthread poller_;
};

} // namespace reverie::events
