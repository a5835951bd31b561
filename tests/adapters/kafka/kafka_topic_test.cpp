#include "tests/adapters/kafka/broker.hpp"
#include "tests/adapters/kafka/topic_maker.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

using events::failure_code;
using events::kafka_log;

TEST(kafka_topic, is_made_with_settings_that_keep_events_for_ever) {
  auto options = log_options(fresh_topic());
  auto log = kafka_log::open(options).value();
  EXPECT_EQ(log->partitions(), 4U);
  EXPECT_EQ(log->facts().replication, 1U);
  EXPECT_FALSE(log->facts().cluster_id.empty());
  auto settings = topic_maker().settings_of(options.cluster.topic);
  EXPECT_EQ(settings["cleanup.policy"], "delete");
  EXPECT_EQ(settings["retention.ms"], "-1");
  EXPECT_EQ(settings["retention.bytes"], "-1");
  EXPECT_EQ(settings["unclean.leader.election.enable"], "false");
  EXPECT_EQ(settings["min.insync.replicas"], "1");
  EXPECT_GT(std::stoul(settings["max.message.bytes"]), events::limits::record_bytes);
}

TEST(kafka_topic, has_64_partitions_when_nobody_says_how_many) {
  auto options = log_options(fresh_topic());
  options.topic.partitions.reset();
  EXPECT_EQ(kafka_log::open(options).value()->partitions(), 64U);
}

TEST(kafka_topic, that_exists_keeps_its_own_number_of_partitions_and_refuses_another) {
  auto options = log_options(fresh_topic());
  ASSERT_TRUE(kafka_log::open(options).has_value());
  options.topic.partitions.reset();
  EXPECT_EQ(kafka_log::open(options).value()->partitions(), 4U);
  options.topic.partitions = 8;
  auto refused = kafka_log::open(options);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, failure_code::already_exists);
  EXPECT_NE(refused.error().message.find("it has 4 partitions, 8 were asked for"), std::string::npos) << refused.error().message;
}

TEST(kafka_topic, trap_10_is_refused_for_each_setting_that_would_lose_events) {
  struct wrong_setting {
    const char *name, *value, *says;
  };
  for (const auto& wrong : {wrong_setting{"cleanup.policy", "compact", "cleanup.policy is compact"},
                            wrong_setting{"cleanup.policy", "compact,delete", "cleanup.policy is compact,delete"},
                            wrong_setting{"retention.ms", "604800000", "retention.ms is 604800000"},
                            wrong_setting{"retention.bytes", "1000000", "retention.bytes is 1000000"},
                            wrong_setting{"unclean.leader.election.enable", "true", "unclean.leader.election.enable is true"},
                            wrong_setting{"max.message.bytes", "1048588", "max.message.bytes is 1048588"}}) {
    auto options = log_options(fresh_topic());
    std::map<std::string, std::string> settings{{"retention.ms", "-1"}, {"max.message.bytes", "16777216"}};
    settings[wrong.name] = wrong.value;
    topic_maker().make(options.cluster.topic, 4, settings);
    auto refused = kafka_log::open(options);
    ASSERT_FALSE(refused.has_value()) << wrong.name;
    EXPECT_EQ(refused.error().code, failure_code::already_exists);
    EXPECT_NE(refused.error().message.find(wrong.says), std::string::npos) << refused.error().message;
  }
}

TEST(kafka_topic, with_fewer_replicas_than_asked_for_is_refused) {
  auto options = log_options(fresh_topic());
  ASSERT_TRUE(kafka_log::open(options).has_value());
  options.topic.replication = 3;
  auto refused = kafka_log::open(options);
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message.find("it has 1 replicas, 3 were asked for"), std::string::npos) << refused.error().message;
  EXPECT_NE(refused.error().message.find("min.insync.replicas is 1, must be at least 2"), std::string::npos) << refused.error().message;
  options.cluster.topic = fresh_topic();
  auto can_not = kafka_log::open(options);
  ASSERT_FALSE(can_not.has_value()) << "one broker can't hold three replicas";
}

TEST(kafka_topic, is_not_made_by_who_only_reads) {
  auto options = log_options(fresh_topic());
  options.topic.create = false;
  EXPECT_EQ(kafka_log::open(options).error().code, failure_code::not_found);
}

TEST(kafka_topic, says_that_nobody_answers) {
  auto options = log_options(fresh_topic());
  options.cluster.brokers = "127.0.0.1:1";
  EXPECT_EQ(kafka_log::open(options).error().code, failure_code::unavailable);
}

} // namespace reverie::tests
