#pragma once

#include "events/kafka/kafka_handles.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace reverie::events {

/// Which cluster and topic, and how to reach it.
struct kafka_cluster {
  std::string brokers; ///< host:port[,host:port]
  std::string topic = "reverie-events";
  std::map<std::string, std::string> transport; ///< librdkafka properties of encryption, sign-in and connections
  /// Told what librdkafka has to say (syslog levels: 3 error, 4 warning), on its threads. None: dropped.
  std::function<void(int level, std::string_view line)> log_line;

  /// How long a question to the cluster may take.
  static constexpr std::chrono::milliseconds answers_within{5'000};
};

/// The brokers of `kafka://host:port[,host:port]`; `malformed` for anything else.
outcome<std::string> parse_kafka_url(std::string_view url);

/// The properties of `name=value;name=value`. Only those of encryption, sign-in, connections and compression: what the log's promises
/// rest on is not to be changed. `malformed` names the property, never its value.
outcome<std::map<std::string, std::string>> parse_kafka_options(std::string_view text);

/// What a handle is for; each kind has its own settings (reference: measured on a real broker).
enum class kafka_role {
  asker,    ///< metadata, offsets and topics
  producer, ///< idempotent, acks=all; the deadline of an append is not librdkafka's
  consumer, ///< of partitions at given offsets, without a group
  standing_consumer, ///< the same for readers that stay: adding one takes a tenth of a second, and idling costs little
  member,   ///< of a group that deals partitions out; nothing is read through it
};

/// Who gets what librdkafka has to say about a handle; lives longer than the handle.
class kafka_listener {
public:
  explicit kafka_listener(const kafka_cluster& cluster) : cluster_(cluster) {}
  virtual ~kafka_listener() = default;
  kafka_listener(const kafka_listener&) = delete;
  kafka_listener& operator=(const kafka_listener&) = delete;

  /// What became of a message that was produced; on the thread that polls the producer.
  virtual void delivered(const rd_kafka_message_t&) {}
  /// A group gave or takes partitions; on the thread that polls the member.
  virtual void rebalanced(rd_kafka_t&, rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t&) {}
  void say(int level, std::string_view line) const {
    if (cluster_.log_line) cluster_.log_line(level, line);
  }
  /// Why a broker could not be reached or let nobody in, as librdkafka last said it; empty: it said nothing.
  std::string refusal() const {
    std::lock_guard lock(mutex_);
    return refusal_;
  }
  void set_refusal(std::string why) {
    std::lock_guard lock(mutex_);
    refusal_ = std::move(why);
  }

private:
  const kafka_cluster& cluster_;
  mutable std::mutex mutex_;
  std::string refusal_;
};

/// Makes a handle. `malformed` when a property of the transport, or one of `more`, is wrong.
outcome<kafka_handle> open_kafka(const kafka_cluster& cluster, kafka_role role, kafka_listener& listener,
                                 const std::map<std::string, std::string>& more = {});

/// Asks the cluster for the topic's metadata, which also teaches the handle who leads its partitions now. `unavailable` when nobody
/// answers in time: it says what refused us, a wrong password or certificate above all.
outcome<kafka_metadata> ask_metadata(rd_kafka_t& handle, rd_kafka_topic_t& topic);

} // namespace reverie::events
