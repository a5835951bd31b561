#include "tests/support/actor_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

using namespace std::chrono_literals;
using actors::user::change_profile;
using events::rejection_code;

TEST(refusals, a_zombie_refuses_nothing_from_what_it_knew_before_it_was_cut_off) {
  actor_world world;
  auto& zombie = world.start();
  world.start_without_state();
  const auto bob = world.register_person("Bob"); // with the new owner; the zombie has read nothing of it
  const auto refused = world.ask(zombie, world.to_user(bob, change_profile{"Bob L"}));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, rejection_code::unavailable) << "not: there is no such person; " << refused.error().message;
  EXPECT_TRUE(world.ask(world.to_user(bob, change_profile{"Bob L"})).has_value());
}

TEST(refusals, a_zombie_says_of_nothing_that_it_is_done_already) {
  actor_world world;
  auto& zombie = world.start();
  const auto ada = world.register_person("Ada");
  world.start_without_state();
  EXPECT_TRUE(world.ask(world.to_user(ada, change_profile{"Ada L"})).has_value());
  const auto unchanged = world.ask(zombie, world.to_user(ada, change_profile{"Ada"})); // her name, when the zombie looked last
  ASSERT_FALSE(unchanged.has_value());
  EXPECT_EQ(unchanged.error().code, rejection_code::unavailable);
}

TEST(refusals, an_owner_refuses_once_the_log_says_that_it_still_is_one) {
  actor_world world;
  auto& owner = world.start();
  const auto nobody = events::user_id{world.fresh_id()};
  const auto asked = world.submit(owner, world.to_user(nobody, change_profile{"Nobody"}));
  owner.run();
  ASSERT_FALSE(asked->only().has_value());
  EXPECT_EQ(asked->only().error().code, rejection_code::not_found);
  EXPECT_EQ(world.status().commands_in_flight, 0U);
}

TEST(refusals, one_question_to_the_log_serves_all_that_wait) {
  actor_world world;
  auto& owner = world.start();
  const auto before = owner.log->ends_asked();
  std::vector<std::shared_ptr<actor_world::asked>> all;
  for (int i = 0; i < 50; ++i) all.push_back(world.submit(owner, world.to_user(events::user_id{world.fresh_id()}, change_profile{"Nobody"})));
  owner.run();
  for (const auto& each : all) EXPECT_EQ(each->only().error().code, rejection_code::not_found);
  EXPECT_LE(owner.log->ends_asked() - before, 10U);
}

TEST(refusals, wait_while_the_log_does_not_say_where_it_ends_and_their_callers_are_told_in_time) {
  actor_world world;
  auto& owner = world.start();
  owner.log->end_unknown = true;
  const auto asked = world.submit(owner, world.to_user(events::user_id{world.fresh_id()}, change_profile{"Nobody"}));
  owner.run();
  EXPECT_FALSE(asked->answered());
  world.advance(events::limits::command_deadline_ms + 1s);
  ASSERT_TRUE(asked->answered());
  EXPECT_EQ(asked->only().error().code, rejection_code::unavailable);
  owner.log->end_unknown = false;
  world.advance(1s);
  EXPECT_EQ(world.status().commands_in_flight, 0U);
  EXPECT_EQ(world.ask(world.to_user(events::user_id{world.fresh_id()}, change_profile{"Nobody"})).error().code, rejection_code::not_found);
}

} // namespace reverie::tests
