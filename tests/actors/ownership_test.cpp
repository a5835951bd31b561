#include "tests/support/actor_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

using namespace std::chrono_literals;
using actors::user::change_profile;
using events::rejection_code;

TEST(ownership, the_first_owner_announces_itself_and_writes_the_slice_map) {
  actor_world world;
  world.start();
  const auto records = world.records();
  ASSERT_GE(records.size(), 2U);
  EXPECT_EQ(records[0].content.headers.types[0].name, "partition.owner_announced");
  EXPECT_EQ(records[1].content.headers.types[0].name, "partition.slices_mapped");
  EXPECT_EQ(world.status().epoch.value, 1U);
}

TEST(ownership, a_partition_is_not_called_serving_while_commands_are_told_that_the_server_starts) {
  actor_world world({.partitions = 2});
  auto& process = world.make();
  const auto ada = events::user_id{world.fresh_id()};
  const auto starts = [&] { return world.submit(process, world.to_user(ada, change_profile{"Ada"}))->answered(); };
  std::size_t looks = 0;
  while (starts()) {
    for (const auto& each : process.node->status()) EXPECT_FALSE(each.serving) << "partition " << each.partition.value << " at look " << looks;
    ASSERT_LT(++looks, 1'000U) << "the slice map never came";
    if (!process.run_steps(1)) process.node->look_at_log();
  }
  process.run();
  for (const auto& each : process.node->status()) EXPECT_TRUE(each.serving) << each.partition.value << ": " << each.reason;
}

TEST(ownership, trap_1_a_zombie_that_is_overtaken_is_fenced_and_serves_no_more) {
  actor_world world;
  auto& zombie = world.start();
  const auto ada = world.register_person();
  auto& owner = world.start(); // reads on and announces itself above
  ASSERT_EQ(owner.node->status()[0].epoch.value, 2U);
  auto late = world.submit(zombie, world.to_user(ada, change_profile{"Zombie"}));
  for (int i = 0; i < 20 && !late->answered(); ++i) zombie.run();
  ASSERT_FALSE(late->only().has_value());
  EXPECT_EQ(late->only().error().code, rejection_code::unavailable);
  EXPECT_FALSE(zombie.node->status()[0].serving);
  owner.run();
  EXPECT_TRUE(owner.node->status()[0].serving);
  EXPECT_EQ(world.state_of(owner, user_address(ada)).find("Zombie"), std::string::npos);
}

TEST(ownership, of_two_that_announce_at_once_the_first_in_the_log_counts_and_the_other_tries_above_it) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  process.node->release({0});
  world.run();
  ASSERT_FALSE(world.status().serving);
  bool raced = false;
  process.log->watch = [&](const events::record& announcement) {
    if (raced) return;
    raced = true;
    auto winner = announcement; // another process was a moment faster with the same epoch
    winner.headers.writer = {world.fresh_id()};
    world.log->write_raw({0}, winner);
  };
  process.node->acquire({0});
  world.run();
  EXPECT_FALSE(world.status().serving);
  world.advance(2s);
  EXPECT_TRUE(world.status().serving) << world.last_lines();
  EXPECT_EQ(world.status().epoch.value, 3U);
  EXPECT_EQ(world.status().fenced, 1U);
  EXPECT_TRUE(world.ask(world.to_user(ada, change_profile{"Ada L"})).has_value());
}

TEST(ownership, one_that_loses_every_race_steps_back_and_says_why) {
  actor_world world;
  auto& process = world.start();
  process.node->release({0});
  world.run();
  process.log->watch = [&](const events::record& announcement) {
    auto winner = announcement;
    winner.headers.writer = {world.fresh_id()};
    world.log->write_raw({0}, winner);
  };
  process.node->acquire({0});
  world.advance(10s);
  EXPECT_FALSE(world.status().serving);
  EXPECT_NE(world.status().reason.find("another process"), std::string::npos) << world.status().reason;
}

TEST(ownership, a_new_process_serves_what_the_old_one_wrote) {
  actor_world world;
  auto& old = world.start();
  const auto ada = world.register_person();
  const auto before = world.state_of(user_address(ada));
  old.crash();
  world.start();
  EXPECT_EQ(world.state_of(user_address(ada)), before) << world.last_lines();
  EXPECT_TRUE(world.ask(world.to_user(ada, change_profile{"Ada L"})).has_value());
}

TEST(ownership, a_gap_in_a_sequence_parks_the_entity_and_the_rest_flows_on) {
  actor_world world;
  world.start();
  const auto ada = world.register_person("Ada"), bob = world.register_person("Bob");
  auto forged = world.records().back().content;
  forged.headers.first_sequence = {forged.headers.first_sequence.value + 7};
  world.log->write_raw({0}, forged);
  world.run();
  EXPECT_EQ(world.status().gaps, 1U);
  EXPECT_EQ(world.status().parked_entities, 1U);
  const auto refused = world.ask(world.to_user(bob, change_profile{"Bob L"}));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, rejection_code::unavailable);
  EXPECT_TRUE(world.ask(world.to_user(ada, change_profile{"Ada L"})).has_value());
}

TEST(ownership, a_broken_chain_parks_the_entity) {
  actor_world world;
  world.start();
  const auto ada = world.register_person("Ada");
  auto forged = world.records().back().content;
  forged.headers.first_sequence = {forged.headers.first_sequence.value + 1};
  forged.headers.previous_hash = {};
  forged.headers.command = {};
  forged.headers.hash = events::hash_of(forged);
  world.log->write_raw({0}, forged);
  world.run();
  EXPECT_EQ(world.status().parked_entities, 1U);
  EXPECT_FALSE(world.ask(world.to_user(ada, change_profile{"Ada L"})).has_value());
}

TEST(ownership, a_second_copy_of_a_record_is_counted_as_repeated_and_changes_nothing) {
  actor_world world;
  world.start();
  const auto ada = world.register_person("Ada");
  const auto before = world.state_of(user_address(ada));
  world.log->write_raw({0}, world.records().back().content);
  world.run();
  EXPECT_EQ(world.status().repeated, 1U);
  EXPECT_EQ(world.state_of(user_address(ada)), before);
}

} // namespace reverie::tests
