#include "events/kafka/kafka_topic.hpp"

#include "events/kafka/kafka_admin.hpp"
#include "events/model/limits.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <thread>

namespace reverie::events {

namespace {

constexpr std::size_t batch_bytes_min = limits::record_bytes + 512 * 1024;
constexpr std::uint32_t replication_default = 3;
constexpr auto made_within = std::chrono::seconds{30};
constexpr auto looked_at_every = std::chrono::milliseconds{20};

/// How many replicas must hold a record: two where there are three, so that one may be lost.
std::uint32_t in_sync_for(std::uint32_t replication) { return replication >= 3 ? 2 : 1; }

struct topic_layout {
  std::uint32_t partitions = 0;
  std::uint32_t replication = 0;
  bool all_led = false;
};

struct cluster_view {
  std::uint32_t brokers = 0;
  std::optional<topic_layout> topic; ///< none: it is not there
};

outcome<cluster_view> look(rd_kafka_t& handle, rd_kafka_topic_t& topic) {
  auto metadata = ask_metadata(handle, topic);
  if (!metadata) return std::unexpected(std::move(metadata.error()));
  cluster_view view;
  view.brokers = static_cast<std::uint32_t>((*metadata)->broker_cnt);
  if ((*metadata)->topic_cnt != 1) return fail(failure_code::unavailable, "Kafka's metadata do not name the topic");
  const auto& found = (*metadata)->topics[0];
  if (found.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || found.err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC) return view;
  if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR && found.err != RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE)
    return failure_of(found.err, "the topic " + std::string(rd_kafka_topic_name(&topic)));
  auto& layout = view.topic.emplace();
  layout.partitions = static_cast<std::uint32_t>(found.partition_cnt);
  layout.all_led = found.partition_cnt > 0;
  for (int i = 0; i < found.partition_cnt; ++i) {
    const auto& partition = found.partitions[i];
    auto replicas = static_cast<std::uint32_t>(partition.replica_cnt);
    layout.replication = i == 0 ? replicas : std::min(layout.replication, replicas);
    layout.all_led = layout.all_led && partition.leader >= 0;
  }
  return view;
}

outcome<void> create(rd_kafka_t& handle, const kafka_cluster& cluster, std::uint32_t partitions, std::uint32_t replication) {
  std::array<char, 256> why{};
  kafka_new_topic wanted(rd_kafka_NewTopic_new(cluster.topic.c_str(), static_cast<int>(partitions), static_cast<int>(replication), why.data(), why.size()));
  if (!wanted) return fail(failure_code::malformed, "the topic " + cluster.topic + " can't be: " + why.data());
  const std::array<std::pair<const char*, std::string>, 6> settings{{{"cleanup.policy", "delete"},
                                                                     {"retention.ms", "-1"},
                                                                     {"retention.bytes", "-1"},
                                                                     {"unclean.leader.election.enable", "false"},
                                                                     {"max.message.bytes", std::to_string(batch_bytes_min)},
                                                                     {"min.insync.replicas", std::to_string(in_sync_for(replication))}}};
  for (const auto& [name, value] : settings) rd_kafka_NewTopic_set_config(wanted.get(), name, value.c_str());
  rd_kafka_NewTopic_t* list[] = {wanted.get()};
  auto answer = ask_admin(handle, RD_KAFKA_ADMIN_OP_CREATETOPICS, "the topic can't be made", [&](auto* options, auto* answers) {
    rd_kafka_CreateTopics(&handle, list, 1, options, answers);
  });
  if (!answer) return std::unexpected(std::move(answer.error()));
  std::size_t count = 0;
  const auto* results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer->get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    auto error = rd_kafka_topic_result_error(results[i]);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
    const char* said = rd_kafka_topic_result_error_string(results[i]);
    return fail(failure_code::unavailable, "the topic " + cluster.topic + " can't be made: " + (said ? said : rd_kafka_err2str(error)));
  }
  return {};
}

/// `not_found`: the broker that was asked knows no such topic.
outcome<std::map<std::string, std::string>> settings_of(rd_kafka_t& handle, const std::string& topic) {
  kafka_config_resource resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
  rd_kafka_ConfigResource_t* list[] = {resource.get()};
  auto answer = ask_admin(handle, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, "the topic's settings can't be read", [&](auto* options, auto* answers) {
    rd_kafka_DescribeConfigs(&handle, list, 1, options, answers);
  });
  if (!answer) return std::unexpected(std::move(answer.error()));
  std::size_t count = 0;
  const auto* found = rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(answer->get()), &count);
  if (count != 1) return fail(failure_code::unavailable, "the topic's settings can't be read");
  const auto error = rd_kafka_ConfigResource_error(found[0]);
  if (error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) return fail(failure_code::not_found, "no broker tells the settings of the topic " + topic);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return failure_of(error, "the topic's settings can't be read");
  std::size_t entries = 0;
  const auto* entry = rd_kafka_ConfigResource_configs(found[0], &entries);
  std::map<std::string, std::string> settings;
  for (std::size_t i = 0; i < entries; ++i) {
    const char* value = rd_kafka_ConfigEntry_value(entry[i]);
    settings[rd_kafka_ConfigEntry_name(entry[i])] = value ? value : "";
  }
  return settings;
}

std::int64_t number_of(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Everything about an existing topic that the log can't live with, as one sentence; empty when it can.
std::string complaints(const topic_layout& layout, std::map<std::string, std::string> settings, const kafka_topic_wish& wish) {
  std::string all;
  auto complain = [&](const std::string& what) { all += (all.empty() ? "" : "; ") + what; };
  auto is = [&](const char* name) { return std::string(name) + " is " + settings[name]; };
  if (settings["cleanup.policy"] != "delete") complain(is("cleanup.policy") + ", must be delete (compaction forgets events)");
  if (settings["retention.ms"] != "-1") complain(is("retention.ms") + ", must be -1 (events are kept for ever)");
  if (settings["retention.bytes"] != "-1") complain(is("retention.bytes") + ", must be -1 (events are kept for ever)");
  if (number_of(settings["max.message.bytes"]) < static_cast<std::int64_t>(batch_bytes_min))
    complain(is("max.message.bytes") + ", must be at least " + std::to_string(batch_bytes_min));
  if (settings["unclean.leader.election.enable"] == "true")
    complain(is("unclean.leader.election.enable") + ", must be false (a replica that lags could become the log, and acknowledged events be lost)");
  if (wish.replication > layout.replication)
    complain("it has " + std::to_string(layout.replication) + " replicas, " + std::to_string(wish.replication) + " were asked for");
  if (number_of(settings["min.insync.replicas"]) < in_sync_for(std::max(wish.replication, layout.replication)))
    complain(is("min.insync.replicas") + ", must be at least " + std::to_string(in_sync_for(std::max(wish.replication, layout.replication))));
  if (wish.partitions && *wish.partitions != layout.partitions)
    complain("it has " + std::to_string(layout.partitions) + " partitions, " + std::to_string(*wish.partitions) + " were asked for");
  return all;
}

outcome<topic_layout> wait_until_led(rd_kafka_t& handle, rd_kafka_topic_t& topic) {
  auto until = std::chrono::steady_clock::now() + made_within;
  for (;;) {
    auto view = look(handle, topic);
    if (!view) return std::unexpected(std::move(view.error()));
    if (view->topic && view->topic->all_led) return *view->topic;
    if (std::chrono::steady_clock::now() > until)
      return fail(failure_code::unavailable, "partitions of the topic " + std::string(rd_kafka_topic_name(&topic)) + " have no leader");
    std::this_thread::sleep_for(looked_at_every);
  }
}

/// Of a topic that there is: a broker other than the one that made it learns of it a moment later, whoever had it made.
outcome<std::map<std::string, std::string>> settings_once_known(rd_kafka_t& handle, const std::string& topic) {
  const auto until = std::chrono::steady_clock::now() + made_within;
  for (;;) {
    auto settings = settings_of(handle, topic);
    if (settings || settings.error().code != failure_code::not_found || std::chrono::steady_clock::now() > until) return settings;
    std::this_thread::sleep_for(looked_at_every);
  }
}

} // namespace

outcome<kafka_topic_facts> ensure_topic(rd_kafka_t& handle, const kafka_cluster& cluster, const kafka_topic_wish& wish) {
  kafka_topic_handle topic(rd_kafka_topic_new(&handle, cluster.topic.c_str(), nullptr));
  if (!topic) return fail(failure_code::malformed, "'" + cluster.topic + "' can't name a topic");
  auto view = look(handle, *topic);
  if (!view) return std::unexpected(std::move(view.error()));
  if (!view->topic) {
    if (!wish.create) return fail(failure_code::not_found, "there is no topic " + cluster.topic + " at " + cluster.brokers);
    auto replication = wish.replication != 0 ? wish.replication : std::min(replication_default, std::max(view->brokers, 1U));
    if (auto done = create(handle, cluster, wish.partitions.value_or(kafka_partitions_default), replication); !done)
      return std::unexpected(std::move(done.error()));
  }
  auto layout = wait_until_led(handle, *topic);
  if (!layout) return std::unexpected(std::move(layout.error()));
  auto settings = settings_once_known(handle, cluster.topic);
  if (!settings) return std::unexpected(std::move(settings.error()));
  if (auto wrong = complaints(*layout, std::move(*settings), wish); !wrong.empty())
    return fail(failure_code::already_exists, "the topic " + cluster.topic + " can't be the log: " + wrong);
  kafka_topic_facts facts{layout->partitions, layout->replication, {}};
  if (char* id = rd_kafka_clusterid(&handle, static_cast<int>(kafka_cluster::answers_within.count()))) {
    facts.cluster_id = id;
    rd_kafka_mem_free(&handle, id);
  }
  return facts;
}

} // namespace reverie::events
