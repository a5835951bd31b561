#pragma once

#include "events/kafka/kafka_handles.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

namespace reverie::bench {

/// What a loop did, and how long each of its items took.
struct loop_figures {
  double per_second = 0, p50_ms = 0, p99_ms = 0;

  static loop_figures of(std::vector<double> took_ms, double seconds) {
    std::ranges::sort(took_ms);
    const auto count = took_ms.size();
    return {static_cast<double>(count) / seconds, took_ms[count / 2], took_ms[count * 99 / 100]};
  }
};

/// librdkafka alone, as a program that knows nothing of owners would use it: an idempotent producer, and a consumer of the same
/// partitions that reads each record back.
class bare_kafka {
public:
  using clock = std::chrono::steady_clock;

  bare_kafka(const std::string& brokers, std::string topic, std::int32_t partitions)
      : topic_name_(std::move(topic)), partitions_(partitions),
        producer_(open(RD_KAFKA_PRODUCER, {{"bootstrap.servers", brokers}, {"enable.idempotence", "true"}, {"acks", "all"}, {"linger.ms", "0"}})),
        consumer_(open(RD_KAFKA_CONSUMER, {{"bootstrap.servers", brokers}, {"fetch.wait.max.ms", "20"}, {"fetch.queue.backoff.ms", "10"}, {"group.id", "none"}})),
        produced_(rd_kafka_topic_new(producer_.get(), topic_name_.c_str(), nullptr)),
        consumed_(rd_kafka_topic_new(consumer_.get(), topic_name_.c_str(), nullptr)), queue_(rd_kafka_queue_new(consumer_.get())) {}

  /// Produces `count` records of these bytes, `in_flight` at a time, each until it was read back.
  loop_figures produce_and_read_back(const std::string& bytes, std::size_t in_flight, std::size_t count) {
    std::counting_semaphore<> free_places(static_cast<std::ptrdiff_t>(in_flight));
    return run(
        bytes, count,
        [&](std::size_t) {
          free_places.acquire();
          return clock::now();
        },
        [&] { free_places.release(); });
  }

  /// The same at a steady rate; a record's time begins when it was due.
  loop_figures at_rate(const std::string& bytes, double per_second, std::size_t count) {
    clock::time_point first;
    return run(
        bytes, count,
        [&](std::size_t i) {
          if (i == 0) first = clock::now();
          const auto due = first + std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(static_cast<double>(i) / per_second));
          std::this_thread::sleep_until(due);
          return due;
        },
        [] {});
  }

  /// Reads `count` records from the start of the topic; answers records a second.
  double read_all(std::size_t count) {
    const auto before = clock::now();
    follow(RD_KAFKA_OFFSET_BEGINNING);
    std::size_t seen = 0;
    read([&](const rd_kafka_message_t&) { return ++seen < count; });
    const auto seconds = std::chrono::duration<double>(clock::now() - before).count();
    unfollow();
    return static_cast<double>(count) / seconds;
  }

private:
  /// `turn(i)` waits for the turn of a record and says when its time began; `seen()` is told of each that was read back.
  template <class Turn, class Seen>
  loop_figures run(const std::string& bytes, std::size_t count, Turn turn, Seen seen) {
    follow(RD_KAFKA_OFFSET_END);
    std::vector<clock::time_point> began(count);
    std::vector<double> took_ms(count);
    std::jthread reader([&] {
      std::size_t done = 0;
      read([&](const rd_kafka_message_t& message) {
        std::uint64_t number = 0;
        std::memcpy(&number, message.key, sizeof number);
        took_ms[number] = std::chrono::duration<double, std::milli>(clock::now() - began[number]).count();
        seen();
        return ++done < count;
      });
    });
    const auto before = clock::now();
    for (std::uint64_t i = 0; i < count; ++i) {
      began[i] = turn(i);
      while (rd_kafka_produce(produced_.get(), static_cast<std::int32_t>(i % static_cast<std::uint64_t>(partitions_)), RD_KAFKA_MSG_F_COPY,
                              const_cast<char*>(bytes.data()), bytes.size(), &i, sizeof i, nullptr) != 0)
        rd_kafka_poll(producer_.get(), 10);
      rd_kafka_poll(producer_.get(), 0);
    }
    reader.join();
    const auto seconds = std::chrono::duration<double>(clock::now() - before).count();
    unfollow();
    return loop_figures::of(std::move(took_ms), seconds);
  }

  static events::kafka_handle open(rd_kafka_type_t kind, std::initializer_list<std::pair<const char*, std::string>> settings) {
    auto* conf = rd_kafka_conf_new();
    char why[256];
    for (const auto& [name, value] : settings)
      if (rd_kafka_conf_set(conf, name, value.c_str(), why, sizeof why) != RD_KAFKA_CONF_OK) std::abort();
    events::kafka_handle made(rd_kafka_new(kind, conf, why, sizeof why));
    if (!made) std::abort();
    return made;
  }
  void follow(std::int64_t from) {
    // A consumer that starts at the end must have found it before the first record is produced.
    for (std::int32_t i = 0; i < partitions_; ++i) {
      auto start = from;
      if (from == RD_KAFKA_OFFSET_END) {
        std::int64_t low = 0;
        if (rd_kafka_query_watermark_offsets(consumer_.get(), topic_name_.c_str(), i, &low, &start, 10'000) != RD_KAFKA_RESP_ERR_NO_ERROR) std::abort();
      }
      if (rd_kafka_consume_start_queue(consumed_.get(), i, start, queue_.get()) != 0) std::abort();
    }
  }
  void unfollow() {
    for (std::int32_t i = 0; i < partitions_; ++i) rd_kafka_consume_stop(consumed_.get(), i);
  }
  template <class Take>
  void read(Take take) {
    std::array<rd_kafka_message_t*, 1000> batch;
    for (bool more = true; more;) {
      // A batch waits until it is full: only what is there already is taken so, behind the first that is waited for.
      batch[0] = rd_kafka_consume_queue(queue_.get(), 100);
      if (batch[0] == nullptr) continue;
      const auto count = 1 + rd_kafka_consume_batch_queue(queue_.get(), 0, batch.data() + 1, batch.size() - 1);
      for (std::ptrdiff_t i = 0; i < count; ++i) {
        auto* message = batch[static_cast<std::size_t>(i)];
        if (more && message->err == RD_KAFKA_RESP_ERR_NO_ERROR) more = take(*message);
        rd_kafka_message_destroy(message);
      }
    }
  }

  std::string topic_name_;
  std::int32_t partitions_;
  events::kafka_handle producer_, consumer_;
  events::kafka_topic_handle produced_, consumed_;
  events::kafka_queue queue_;
};

} // namespace reverie::bench
