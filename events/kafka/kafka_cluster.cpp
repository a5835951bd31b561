#include "events/kafka/kafka_cluster.hpp"

#include "events/model/assert.hpp"
#include "events/model/limits.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace reverie::events {

namespace {

using property = std::pair<const char*, std::string>;

/// A record of the largest size with its headers and key, in librdkafka's own count.
constexpr std::size_t message_bytes_max = limits::record_bytes + 256 * 1024;

const std::vector<property>& properties_of(kafka_role role) {
  static const std::vector<property> all{
      {"client.id", "reverie"},
      {"log_level", "4"},
      {"log.connection.close", "false"},
      {"message.max.bytes", std::to_string(message_bytes_max)},
      // Measured: a lost leader is found in 2 s with these, in 3 to 5 s without.
      {"reconnect.backoff.max.ms", "500"},
      {"retry.backoff.max.ms", "200"},
      {"topic.metadata.refresh.fast.interval.ms", "50"},
  };
  static const std::vector<property> producer = [] {
    auto made = all;
    made.insert(made.end(), {{"enable.idempotence", "true"},
                             {"acks", "all"},
                             {"linger.ms", "0"},
                             // A time-out here breaks idempotence: the same records would be sent anew under another producer epoch.
                             {"message.timeout.ms", "300000"},
                             // The log's own queue is the bound.
                             {"queue.buffering.max.messages", "0"},
                             {"queue.buffering.max.kbytes", "2097151"}});
    return made;
  }();
  static const std::vector<property> consumer = [] {
    auto made = all;
    made.insert(made.end(), {{"enable.auto.commit", "false"},
                             {"enable.auto.offset.store", "false"},
                             {"auto.offset.reset", "error"},
                             {"isolation.level", "read_committed"},
                             {"check.crcs", "true"},
                             {"enable.partition.eof", "true"},
                             {"fetch.min.bytes", "1"},
                             // The default, a second, stops fetching that long whenever the local queue is full.
                             {"fetch.queue.backoff.ms", "10"},
                             {"queued.min.messages", "20000"},
                             {"queued.max.messages.kbytes", std::to_string(limits::read_batch_bytes / 1024)}});
    return made;
  }();
  // How long an idle broker keeps a fetch open, and so how long a partition that is added waits. Records are not held back by it. With
  // 64 partitions asked for 50 times a second an idle broker takes a third of a core.
  static const std::vector<property> passing = [] {
    auto made = consumer;
    made.emplace_back("fetch.wait.max.ms", "20");
    // Often one record is wanted, of a history say: what is fetched beyond it is thrown away. One fetch holds more than this anyway.
    made.emplace_back("queued.min.messages", "1000");
    // So the queue is full after each fetch. Who reads on at full speed waits this long for the next one: at 10 ms that is a fifth of the rate.
    made.emplace_back("fetch.queue.backoff.ms", "1");
    return made;
  }();
  static const std::vector<property> standing = [] {
    auto made = consumer;
    made.emplace_back("fetch.wait.max.ms", "100");
    return made;
  }();
  static const std::vector<property> member = [] {
    auto made = consumer;
    // Without it librdkafka shrinks assignments with no word about it.
    made.insert(made.end(), {{"partition.assignment.strategy", "cooperative-sticky"}, {"group.protocol", "classic"}});
    return made;
  }();
  switch (role) {
  case kafka_role::producer: return producer;
  case kafka_role::member: return member;
  case kafka_role::consumer: return passing;
  case kafka_role::standing_consumer: return standing;
  case kafka_role::asker: break;
  }
  return all;
}

void pass_line_on(const rd_kafka_t* handle, int level, const char* facility, const char* text) {
  if (handle == nullptr) return;
  auto* listener = static_cast<kafka_listener*>(rd_kafka_opaque(handle));
  if (listener == nullptr) return;
  if (std::string_view(facility) == "FAIL") listener->set_refusal(text);
  listener->say(level, std::string(facility) + ": " + text);
}

void pass_delivery_on(rd_kafka_t*, const rd_kafka_message_t* message, void* listener) {
  static_cast<kafka_listener*>(listener)->delivered(*message);
}

void pass_rebalance_on(rd_kafka_t* handle, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* list, void* listener) {
  static_cast<kafka_listener*>(listener)->rebalanced(*handle, what, *list);
}

outcome<void> set(rd_kafka_conf_t& conf, const std::string& name, const std::string& value, bool value_may_be_told) {
  std::array<char, 512> why{};
  if (rd_kafka_conf_set(&conf, name.c_str(), value.c_str(), why.data(), why.size()) == RD_KAFKA_CONF_OK) return {};
  auto told = value_may_be_told ? std::string(": ") + why.data() : std::string();
  return fail(failure_code::malformed, "the Kafka option '" + name + "' is unknown or has a wrong value" + told);
}

bool is_transport(std::string_view name) {
  static constexpr auto prefixes = std::to_array<std::string_view>(
      {"security.", "sasl.", "ssl.", "enable.ssl.", "enable.sasl.", "https.", "socket.", "broker.address.", "broker.version", "client.",
       "compression.", "reconnect.", "connections.", "metadata.", "topic.metadata.", "debug"});
  return std::ranges::any_of(prefixes, [&](auto prefix) { return name.starts_with(prefix); });
}

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(" \t\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }) &&
         std::stoul(std::string(text)) <= 65535;
}

} // namespace

outcome<std::string> parse_kafka_url(std::string_view url) {
  constexpr std::string_view scheme = "kafka://";
  auto wrong = [&] { return fail(failure_code::malformed, "'" + std::string(url) + "' is no address of Kafka: kafka://host:port[,host:port]"); };
  if (!url.starts_with(scheme)) return wrong();
  auto list = url.substr(scheme.size());
  if (list.ends_with('/')) list.remove_suffix(1);
  std::string brokers;
  while (true) {
    auto comma = list.find(',');
    auto broker = list.substr(0, comma);
    auto colon = broker.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || !is_port(broker.substr(colon + 1)) || broker.find_first_of("/@ ") != std::string_view::npos)
      return wrong();
    brokers += (brokers.empty() ? "" : ",") + std::string(broker);
    if (comma == std::string_view::npos) return brokers;
    list = list.substr(comma + 1);
  }
}

outcome<std::map<std::string, std::string>> parse_kafka_options(std::string_view text) {
  std::map<std::string, std::string> options;
  while (!text.empty()) {
    auto end = text.find(';');
    auto entry = trimmed(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (entry.empty()) continue;
    auto equals = entry.find('=');
    if (equals == std::string_view::npos) return fail(failure_code::malformed, "the Kafka options must be name=value;name=value");
    auto name = std::string(trimmed(entry.substr(0, equals)));
    if (!is_transport(name))
      return fail(failure_code::malformed, "the Kafka option '" + name + "' can't be set here: only those of encryption, sign-in, connections and compression can");
    options[name] = std::string(trimmed(entry.substr(equals + 1)));
  }
  return options;
}

outcome<kafka_handle> open_kafka(const kafka_cluster& cluster, kafka_role role, kafka_listener& listener,
                                 const std::map<std::string, std::string>& more) {
  kafka_conf conf(rd_kafka_conf_new());
  rd_kafka_conf_set_opaque(conf.get(), &listener);
  rd_kafka_conf_set_log_cb(conf.get(), pass_line_on);
  if (role == kafka_role::producer) rd_kafka_conf_set_dr_msg_cb(conf.get(), pass_delivery_on);
  if (role == kafka_role::member) rd_kafka_conf_set_rebalance_cb(conf.get(), pass_rebalance_on);
  for (const auto& [name, value] : properties_of(role)) {
    auto done = set(*conf, name, value, true);
    REVERIE_ASSERT(done.has_value(), "librdkafka knows our own settings");
  }
  for (const auto& [name, value] : more)
    if (auto done = set(*conf, name, value, true); !done) return std::unexpected(std::move(done.error()));
  if (auto done = set(*conf, "bootstrap.servers", cluster.brokers, true); !done) return std::unexpected(std::move(done.error()));
  for (const auto& [name, value] : cluster.transport) {
    if (role != kafka_role::producer && name.starts_with("compression.")) continue;
    if (auto done = set(*conf, name, value, !name.starts_with("sasl.") && !name.starts_with("ssl.")); !done)
      return std::unexpected(std::move(done.error()));
  }
  std::array<char, 512> why{};
  bool consumes = role == kafka_role::consumer || role == kafka_role::standing_consumer || role == kafka_role::member;
  auto kind = consumes ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER;
  kafka_handle handle(rd_kafka_new(kind, conf.get(), why.data(), why.size()));
  if (!handle) return fail(failure_code::malformed, std::string("librdkafka refuses its settings: ") + why.data());
  (void)conf.release(); // the handle's now
  return handle;
}

outcome<kafka_metadata> ask_metadata(rd_kafka_t& handle, rd_kafka_topic_t& topic) {
  const struct rd_kafka_metadata* found = nullptr;
  auto error = rd_kafka_metadata(&handle, 0, &topic, &found, static_cast<int>(kafka_cluster::answers_within.count()));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    auto why = static_cast<const kafka_listener*>(rd_kafka_opaque(&handle))->refusal();
    if (why.empty()) why = "is it there, and does it ask for encryption or a password (kafka-options)?";
    return failure_of(error, "Kafka does not answer (" + why + ")");
  }
  return kafka_metadata(found);
}

} // namespace reverie::events
