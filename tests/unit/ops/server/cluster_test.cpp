#include "ops/server/cluster.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace reverie::tests {

namespace {

events::outcome<void> check(std::map<std::string, std::string> variables) {
  auto given = ops::settings::resolve({}, [&](const std::string& name) -> std::optional<std::string> {
    auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional{found->second};
  }, "");
  return ops::check_cluster_settings(given.value());
}

const std::string node = "127.0.0.1:9100", log = "kafka://127.0.0.1:9092", secret = "0123456789abcdef";

} // namespace

TEST(cluster_settings, are_asked_for_only_with_a_node) {
  EXPECT_TRUE(check({}).has_value());
  EXPECT_TRUE(check({{"REVERIE_NODE", node}, {"REVERIE_LOG", log}, {"REVERIE_NODE_SECRET", secret}}).has_value());
}

TEST(cluster_settings, refuse_a_node_without_a_log_that_it_shares) {
  auto refused = check({{"REVERIE_NODE", node}, {"REVERIE_NODE_SECRET", secret}});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, events::failure_code::malformed);
  EXPECT_NE(refused.error().message.find("kafka://"), std::string::npos);
}

TEST(cluster_settings, refuse_a_node_without_the_shared_secret_or_with_a_short_one) {
  auto missing = check({{"REVERIE_NODE", node}, {"REVERIE_LOG", log}});
  ASSERT_FALSE(missing.has_value());
  EXPECT_NE(missing.error().message.find("REVERIE_NODE_SECRET"), std::string::npos);
  auto gone = check({{"REVERIE_NODE", node}, {"REVERIE_LOG", log}, {"REVERIE_NODE_SECRET_FILE", "/nowhere/secret"}});
  ASSERT_FALSE(gone.has_value());
  EXPECT_NE(gone.error().message.find("/nowhere/secret"), std::string::npos);
  auto tiny = check({{"REVERIE_NODE", node}, {"REVERIE_LOG", log}, {"REVERIE_NODE_SECRET", "short"}});
  ASSERT_FALSE(tiny.has_value());
  EXPECT_NE(tiny.error().message.find("16 bytes"), std::string::npos);
}

TEST(cluster_settings, refuse_an_address_that_is_none) {
  for (const auto* address : {"127.0.0.1", ":9100", "host:0", "host:99999", "host:9100x"}) {
    auto refused = check({{"REVERIE_NODE", address}, {"REVERIE_LOG", log}, {"REVERIE_NODE_SECRET", secret}});
    ASSERT_FALSE(refused.has_value()) << address;
    EXPECT_NE(refused.error().message.find("host:port"), std::string::npos);
  }
}

} // namespace reverie::tests
