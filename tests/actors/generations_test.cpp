#include "tests/support/actor_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

using namespace std::chrono_literals;
using actors::user::change_profile;

namespace {

world_options sharing(std::shared_ptr<events::memory_shared_folder> shared = std::make_shared<events::memory_shared_folder>()) {
  world_options options;
  options.shared = std::move(shared);
  options.node.checkpoint_every = 1s;
  options.node.share_every = 1s;
  return options;
}

/// Some people, and a generation that holds them.
events::user_id live_for_a_while(actor_world& world) {
  const auto ada = world.register_person("Ada");
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(world.ask(world.to_user(ada, change_profile{"Ada " + std::to_string(i)})).has_value());
  world.advance(2s);
  return ada;
}

} // namespace

TEST(generations, a_node_without_local_state_begins_with_the_one_that_was_shared) {
  const auto options = sharing();
  actor_world world(options);
  auto& old = world.start();
  const auto ada = live_for_a_while(world);
  ASSERT_FALSE(options.shared->items({0}).empty());
  EXPECT_TRUE(world.ask(world.to_user(ada, change_profile{"Ada at last"})).has_value()) << "behind the generation";
  const auto before = world.state_of(user_address(ada));
  old.crash();
  auto& next = world.start_without_state();
  EXPECT_EQ(next.lines_with("beginning with the shared generation at offset"), 1U) << world.last_lines();
  EXPECT_EQ(world.state_of(user_address(ada)), before);
  EXPECT_TRUE(world.ask(world.to_user(ada, change_profile{"Ada L"})).has_value());
}

TEST(generations, trap_5_a_damaged_one_is_passed_over_and_the_log_holds_all) {
  const auto options = sharing();
  actor_world world(options);
  auto& old = world.start();
  const auto ada = live_for_a_while(world);
  const auto before = world.state_of(user_address(ada));
  options.shared->damage({0});
  old.crash();
  auto& next = world.start_without_state();
  EXPECT_GE(next.lines_with("is not used: told to be damaged"), 1U) << world.last_lines();
  EXPECT_EQ(next.lines_with("beginning with the log's start"), 1U) << world.last_lines();
  EXPECT_EQ(world.state_of(user_address(ada)), before);
}

TEST(generations, one_of_another_log_is_passed_over) {
  const auto options = sharing();
  {
    actor_world elsewhere(options);
    elsewhere.start();
    live_for_a_while(elsewhere);
  }
  ASSERT_FALSE(options.shared->items({0}).empty());
  auto own = options;
  own.seed = 2;
  own.node.checkpoint_every = 1h; // what this world shares itself is not looked for
  actor_world world(own);
  auto& first = world.start();
  const auto bob = world.register_person("Bob");
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(world.ask(world.to_user(bob, change_profile{"Bob " + std::to_string(i)})).has_value());
  const auto before = world.state_of(user_address(bob));
  first.crash();
  auto& next = world.start_without_state();
  EXPECT_GE(next.lines_with("another record at offset"), 1U) << world.last_lines();
  EXPECT_EQ(next.lines_with("beginning with the log's start"), 1U) << world.last_lines();
  EXPECT_EQ(world.state_of(user_address(bob)), before);
}

TEST(generations, local_state_of_another_log_is_not_used) {
  const auto options = sharing();
  actor_world elsewhere(options);
  elsewhere.start();
  live_for_a_while(elsewhere);
  elsewhere.end_all();
  auto own = sharing();
  own.seed = 2;
  actor_world world(own);
  auto& first = world.start();
  const auto bob = world.register_person("Bob");
  const auto before = world.state_of(user_address(bob));
  first.crash();
  world.states = elsewhere.states;
  auto& next = world.start();
  EXPECT_EQ(next.lines_with("its local state is not used"), 1U) << world.last_lines();
  EXPECT_EQ(next.lines_with("beginning with the log's start"), 1U) << world.last_lines();
  EXPECT_EQ(world.state_of(user_address(bob)), before);
}

TEST(generations, local_state_is_used_while_the_shared_one_is_not_far_ahead) {
  actor_world world(sharing());
  auto& old = world.start();
  live_for_a_while(world);
  old.crash();
  EXPECT_EQ(world.start().lines_with("beginning with its local state"), 1U) << world.last_lines();
}

TEST(generations, the_newest_is_shown_while_the_partition_is_owned) {
  actor_world world(sharing());
  auto& old = world.start();
  EXPECT_FALSE(world.status().checkpoint.has_value());
  live_for_a_while(world);
  ASSERT_TRUE(world.status().checkpoint.has_value());
  const auto known = world.status().checkpoint->generation;
  old.node->release({0});
  world.run();
  EXPECT_FALSE(world.status().checkpoint.has_value());
  old.node->acquire({0});
  world.run();
  ASSERT_TRUE(world.status().checkpoint.has_value()) << "that was made before";
  EXPECT_GE(world.status().checkpoint->generation, known);
}

TEST(generations, what_a_person_said_is_sealed_in_what_is_shared) {
  const auto options = sharing();
  actor_world world(options);
  world.start();
  const auto ada = world.register_person("Lovelace");
  const auto mira = world.create_character();
  world.open_conversation(ada, mira);
  world.advance(130s); // until entities have left memory, and their states are stored
  const auto items = options.shared->items({0});
  ASSERT_FALSE(items.empty());
  EXPECT_FALSE(items.back().content->blobs.empty());
  for (const auto& [key, blob] : items.back().content->blobs) EXPECT_EQ(blob.bytes.find("Lovelace"), std::string::npos);
}

TEST(generations, damage_that_a_look_in_the_background_finds_is_said) {
  auto options = sharing();
  options.node.check_generations_every = 2s;
  actor_world world(options);
  auto& process = world.start();
  live_for_a_while(world);
  options.shared->damage({0});
  world.advance(5s);
  EXPECT_GE(process.lines_with("a shared generation was damaged and is dropped"), 1U) << world.last_lines();
}

TEST(generations, a_stop_in_order_is_no_warning) {
  actor_world world(sharing());
  auto& process = world.start();
  process.stop();
  EXPECT_EQ(process.lines_with("partition 0: stopped"), 1U);
  EXPECT_EQ(process.warnings_with("partition 0: stopped"), 0U);
}

} // namespace reverie::tests
