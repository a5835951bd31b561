#include "events/kafka/kafka_cluster.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

using events::failure_code;
using events::parse_kafka_options;
using events::parse_kafka_url;

TEST(kafka_url, names_one_broker_or_several) {
  EXPECT_EQ(parse_kafka_url("kafka://127.0.0.1:9092").value(), "127.0.0.1:9092");
  EXPECT_EQ(parse_kafka_url("kafka://a.example:9092,b.example:9093/").value(), "a.example:9092,b.example:9093");
  EXPECT_EQ(parse_kafka_url("kafka://[::1]:9092").value(), "[::1]:9092");
}

TEST(kafka_url, is_refused_when_it_names_no_host_or_no_port) {
  for (auto wrong : {"", "kafka://", "kafka://host", "kafka://:9092", "kafka://host:", "kafka://host:99999", "kafka://host:9092,",
                     "kafka://me@host:9092", "kafka://host:9092/topic", "rocksdb", "http://host:9092"})
    EXPECT_EQ(parse_kafka_url(wrong).error().code, failure_code::malformed) << wrong;
}

TEST(kafka_options, take_what_belongs_to_the_way_to_the_brokers) {
  auto options = parse_kafka_options(" security.protocol=SASL_SSL; sasl.username = me ;sasl.password=a=b;;").value();
  EXPECT_EQ(options, (std::map<std::string, std::string>{{"security.protocol", "SASL_SSL"}, {"sasl.username", "me"}, {"sasl.password", "a=b"}}));
  EXPECT_TRUE(parse_kafka_options("").value().empty());
}

TEST(kafka_options, trap_2_refuse_transactions_and_whatever_else_the_promises_of_the_log_rest_on) {
  for (auto name : {"acks", "enable.idempotence", "message.timeout.ms", "auto.offset.reset", "bootstrap.servers", "isolation.level", "group.id",
                    "transactional.id"})
    EXPECT_EQ(parse_kafka_options(std::string(name) + "=1").error().code, failure_code::malformed) << name;
  EXPECT_EQ(parse_kafka_options("sasl.username").error().code, failure_code::malformed);
}

TEST(kafka_options, never_tell_a_secret_when_they_are_wrong) {
  events::kafka_cluster cluster{.brokers = "127.0.0.1:1", .transport = {{"ssl.no.such.thing", "hush"}}, .log_line = {}};
  events::kafka_listener nobody(cluster);
  auto opened = events::open_kafka(cluster, events::kafka_role::asker, nobody);
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, failure_code::malformed);
  EXPECT_NE(opened.error().message.find("ssl.no.such.thing"), std::string::npos);
  EXPECT_EQ(opened.error().message.find("hush"), std::string::npos);
}

} // namespace reverie::tests
