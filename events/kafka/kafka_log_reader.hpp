#pragma once

#include "events/kafka/kafka_log.hpp"

#include <deque>

namespace reverie::events {

/// Reads one partition of the log in Kafka through its place in a lane. librdkafka fetches ahead into the reader's own queue; nothing is
/// asked for before the first read.
class kafka_log_reader : public log_reader {
public:
  kafka_log_reader(kafka_log& log, std::unique_ptr<kafka_lanes::place> place, partition_number partition, log_offset next);
  ~kafka_log_reader() override;

  /// Without waiting it still answers from the log as it was a moment ago: with nothing only when the reader stands at the end.
  /// `unavailable` when the cluster does not say for some seconds whether it does.
  outcome<std::size_t> read(std::vector<stored_record>& out, std::size_t records_max, std::chrono::milliseconds wait) override;
  outcome<void> seek(log_offset next) override;
  void wake() override;

private:
  using time_point = std::chrono::steady_clock::time_point;

  outcome<void> start();
  void stop();
  /// Takes over what librdkafka has fetched.
  void take_fetched();
  /// Waits for one message, error or the end until `until`; false when nothing came or, if that may be, somebody woke us.
  bool wait_for_one(time_point until, bool wakeable);
  /// Moves one held message to `out`; nothing happens for marks of the end.
  outcome<std::size_t> take_one(std::vector<stored_record>& out);
  std::unexpected<failure> failed(const rd_kafka_message_t& message);
  std::unexpected<failure> out_of_range();
  std::unexpected<failure> damaged(log_offset offset, const std::string& how) const;

  kafka_log& log_;
  std::unique_ptr<kafka_lanes::place> place_;
  partition_number partition_;
  log_offset next_;
  std::deque<kafka_message> held_;
  std::vector<rd_kafka_message_t*> buffer_;
  bool started_ = false;
  time_point heard_at_{}; ///< when Kafka last gave something, or was asked
  bool at_end_ = false; ///< Kafka said that the log ended where the reader stands, and nothing came since
  std::mutex queue_mutex_; ///< for wake()
  kafka_queue queue_;
  std::atomic<bool> woken_{false};
};

} // namespace reverie::events
