#include "tests/adapters/kafka/topic_maker.hpp"

#include "tests/adapters/kafka/broker.hpp"

#include <array>
#include <gtest/gtest.h>

namespace reverie::tests {

using namespace events;

topic_maker::topic_maker() {
  auto* conf = rd_kafka_conf_new();
  std::array<char, 512> why{};
  rd_kafka_conf_set(conf, "bootstrap.servers", broker::of_this_program().list().c_str(), why.data(), why.size());
  handle_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size()));
}

void topic_maker::make(const std::string& topic, int partitions, const std::map<std::string, std::string>& settings) {
  std::array<char, 512> why{};
  kafka_new_topic wanted(rd_kafka_NewTopic_new(topic.c_str(), partitions, 1, why.data(), why.size()));
  for (const auto& [name, value] : settings) rd_kafka_NewTopic_set_config(wanted.get(), name.c_str(), value.c_str());
  rd_kafka_NewTopic_t* list[] = {wanted.get()};
  kafka_queue answers(rd_kafka_queue_new(handle_.get()));
  rd_kafka_CreateTopics(handle_.get(), list, 1, nullptr, answers.get());
  kafka_event event(rd_kafka_queue_poll(answers.get(), 30'000));
  ASSERT_TRUE(event);
  std::size_t count = 0;
  const auto* results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  ASSERT_EQ(count, 1U);
  ASSERT_EQ(rd_kafka_topic_result_error(results[0]), RD_KAFKA_RESP_ERR_NO_ERROR) << rd_kafka_topic_result_error_string(results[0]);
}

std::map<std::string, std::string> topic_maker::settings_of(const std::string& topic) {
  kafka_config_resource resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
  rd_kafka_ConfigResource_t* list[] = {resource.get()};
  kafka_queue answers(rd_kafka_queue_new(handle_.get()));
  rd_kafka_DescribeConfigs(handle_.get(), list, 1, nullptr, answers.get());
  kafka_event event(rd_kafka_queue_poll(answers.get(), 30'000));
  std::map<std::string, std::string> settings;
  std::size_t count = 0, entries = 0;
  const auto* found = rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event.get()), &count);
  const auto* entry = rd_kafka_ConfigResource_configs(found[0], &entries);
  for (std::size_t i = 0; i < entries; ++i) {
    const char* value = rd_kafka_ConfigEntry_value(entry[i]);
    settings[rd_kafka_ConfigEntry_name(entry[i])] = value ? value : "";
  }
  return settings;
}

} // namespace reverie::tests
