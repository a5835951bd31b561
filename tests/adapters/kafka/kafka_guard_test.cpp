#include "events/kafka/kafka_group.hpp"
#include "events/kafka/kafka_group_members.hpp"
#include "events/log/slice_map.hpp"
#include "events/replay/slice_map_check.hpp"
#include "tests/adapters/kafka/broker.hpp"
#include "tests/adapters/kafka/topic_maker.hpp"
#include "tests/support/record_samples.hpp"

#include <future>
#include <gtest/gtest.h>
#include <thread>

namespace reverie::tests {

using events::failure_code;
using events::kafka_log;
using namespace std::chrono_literals;

namespace {

events::kafka_cluster cluster_with(const std::string& topic) {
  events::kafka_cluster cluster;
  cluster.brokers = broker::of_this_program().list();
  cluster.topic = topic;
  return cluster;
}

/// Asks until there are so many members on the topic, and gives what was seen last.
std::vector<events::kafka_group_member> wait_for_members(const events::kafka_cluster& cluster, std::size_t count) {
  for (const auto until = std::chrono::steady_clock::now() + 60s;;) { // a busy machine takes its time
    auto members = events::members_on_topic(cluster);
    if (!members && std::chrono::steady_clock::now() < until) continue;
    EXPECT_TRUE(members.has_value()) << (members ? "" : members.error().message);
    if (!members || members->size() == count || std::chrono::steady_clock::now() > until) return members.value_or(std::vector<events::kafka_group_member>{});
    std::this_thread::yield();
  }
}

/// A log whose slice map was dealt over so many partitions.
std::unique_ptr<kafka_log> log_with_map(const events::kafka_log_options& options, std::uint32_t dealt_over) {
  auto log = kafka_log::open(options).value();
  const auto owner = events::partition_entity({0});
  std::promise<bool> stored;
  log->append({0}, record_chain{owner, 1, numbered_uuid(1)}.next({events::slice_map::dealt_over(dealt_over).to_event()}),
              [&](events::outcome<events::log_offset> end) { stored.set_value(end.has_value()); });
  EXPECT_TRUE(stored.get_future().get());
  return log;
}

} // namespace

TEST(kafka_guard, sees_the_nodes_that_live_on_a_topic_whatever_their_group_is_called) {
  const auto topic = fresh_topic();
  topic_maker().make(topic, 4, {});
  const auto cluster = cluster_with(topic);
  EXPECT_TRUE(events::members_on_topic(cluster).value().empty());
  events::kafka_group_options options;
  options.cluster = cluster;
  options.group = topic + "-nodes";
  options.member = "node-1";
  options.heartbeat = 500ms;
  auto group = std::make_unique<events::kafka_group>(options);
  ASSERT_TRUE(group->join({[](const auto&) {}, [](const auto&) {}, [](const auto&) {}}));
  const auto members = wait_for_members(cluster, 1);
  ASSERT_EQ(members.size(), 1U);
  EXPECT_EQ(members[0].group, options.group);
  EXPECT_EQ(members[0].name, "node-1");
  EXPECT_EQ(members[0].partitions, 4U);
  EXPECT_TRUE(events::members_on_topic(cluster_with(fresh_topic())).value().empty()) << "another topic is nobody's";
  group.reset();
  EXPECT_TRUE(wait_for_members(cluster, 0).empty()) << "once its session is over";
}

TEST(kafka_guard, takes_a_log_whose_slice_map_fits_its_partitions) {
  auto options = log_options(fresh_topic());
  EXPECT_TRUE(events::check_slice_map(*kafka_log::open(options).value()).has_value()) << "none yet";
  EXPECT_TRUE(events::check_slice_map(*log_with_map(options, 4)).has_value());
}

TEST(kafka_guard, trap_8_refuses_a_topic_with_other_partitions_than_its_slice_map_says) {
  for (const auto& [dealt_over, says] : {std::pair{2U, "its slice map was dealt over 2"}, std::pair{8U, "its slice map was dealt over 8"}}) {
    const auto refused = events::check_slice_map(*log_with_map(log_options(fresh_topic()), dealt_over));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, failure_code::already_exists);
    EXPECT_NE(refused.error().message.find("the log has 4 partitions"), std::string::npos) << refused.error().message;
    EXPECT_NE(refused.error().message.find(says), std::string::npos) << refused.error().message;
  }
}

} // namespace reverie::tests
