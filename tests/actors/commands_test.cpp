#include "tests/support/actor_world.hpp"

#include "events/model/limits.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

using namespace std::chrono_literals;
using actors::user::change_profile;
using events::rejection_code;

TEST(commands, a_person_registers_and_the_answer_names_her_and_the_place_in_the_log) {
  actor_world world;
  world.start();
  ASSERT_TRUE(world.status().serving) << world.status().reason;
  const events::user_id ada{world.fresh_id()};
  auto made = world.ask(world.to_user(ada, actors::user::register_user{"ada@example.org", "Ada", {"user"}}));
  ASSERT_TRUE(made.has_value()) << made.error().message;
  EXPECT_EQ(made->subject, ada.value);
  EXPECT_TRUE(made->changed);
  EXPECT_FALSE(made->repeated);
  EXPECT_EQ(world.records().at(made->position.offset.value).content.headers.entity, user_address(ada).entity);
  EXPECT_NE(world.state_of(user_address(ada)).find("Ada"), std::string::npos);
}

TEST(commands, nothing_a_person_wrote_stands_in_the_log_in_the_clear) {
  actor_world world;
  world.start();
  world.register_person("Planted");
  for (const auto& each : world.records()) EXPECT_EQ(each.content.value.find("Planted"), std::string::npos);
}

TEST(commands, accepted_is_answered_only_after_the_record_was_read_back) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  world.log->next_append_meets(events::memory_log::fault::delay_record);
  auto asked = world.submit(process, world.to_user(ada, change_profile{"Ada Lovelace"}));
  world.run();
  EXPECT_FALSE(asked->answered());
  EXPECT_EQ(world.state_of(user_address(ada)).find("Lovelace"), std::string::npos);
  world.log->release();
  world.run();
  ASSERT_TRUE(asked->only().has_value());
  EXPECT_NE(world.state_of(user_address(ada)).find("Lovelace"), std::string::npos);
}

TEST(commands, a_lost_acknowledgement_is_settled_by_a_fresh_epoch_and_the_command_is_done_once) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  const auto epoch = world.status().epoch;
  world.log->next_append_meets(events::memory_log::fault::lose_acknowledgement);
  auto asked = world.submit(process, world.to_user(ada, change_profile{"Ada Lovelace"}));
  world.run();
  world.advance(1s);
  ASSERT_TRUE(asked->only().has_value()) << asked->only().error().message;
  EXPECT_GT(world.status().epoch, epoch);
  EXPECT_EQ(world.status().repeated, 0U);
}

TEST(commands, a_record_that_was_lost_is_decided_again_under_the_fresh_epoch) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  world.log->next_append_meets(events::memory_log::fault::lose_record);
  auto asked = world.submit(process, world.to_user(ada, change_profile{"Ada Lovelace"}));
  world.run();
  world.advance(1s);
  ASSERT_TRUE(asked->only().has_value()) << asked->only().error().message;
  EXPECT_NE(world.state_of(user_address(ada)).find("Lovelace"), std::string::npos);
}

TEST(commands, a_record_that_arrives_after_the_fresh_epoch_is_fenced) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  world.log->next_append_meets(events::memory_log::fault::delay_record);
  auto asked = world.submit(process, world.to_user(ada, change_profile{"Ada Lovelace"}));
  world.run();
  world.advance(events::limits::append_deadline_ms + 1s);
  ASSERT_TRUE(asked->only().has_value()) << asked->only().error().message;
  world.log->release(); // what the old producer still delivers
  world.run();
  EXPECT_EQ(world.status().fenced, 1U);
  EXPECT_EQ(world.status().parked_entities, 0U);
}

TEST(commands, the_same_id_again_gets_the_same_answer_and_is_done_once) {
  actor_world world;
  world.start();
  const auto ada = world.register_person();
  const auto command = world.to_user(ada, change_profile{"Ada Lovelace"});
  const auto first = world.ask(command);
  const auto records = world.records().size();
  const auto second = world.ask(command);
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_TRUE(second->repeated);
  EXPECT_EQ(second->position, first->position);
  EXPECT_EQ(second->subject, first->subject);
  EXPECT_EQ(world.records().size(), records);
}

TEST(commands, the_same_id_while_the_first_is_under_way_waits_for_its_answer) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  const auto command = world.to_user(ada, change_profile{"Ada Lovelace"});
  auto first = world.submit(process, command);
  auto second = world.submit(process, command);
  world.run();
  ASSERT_TRUE(first->only().has_value() && second->only().has_value());
  EXPECT_EQ(second->only()->position, first->only()->position);
  EXPECT_FALSE(first->only()->repeated);
  EXPECT_TRUE(second->only()->repeated);
}

TEST(commands, the_same_id_with_other_content_is_a_conflict) {
  actor_world world;
  world.start();
  const auto ada = world.register_person();
  auto command = world.to_user(ada, change_profile{"Ada Lovelace"});
  ASSERT_TRUE(world.ask(command).has_value());
  command.command = actors::user::command{change_profile{"Somebody"}};
  const auto refused = world.ask(command);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, rejection_code::conflict);
}

TEST(commands, an_id_of_another_person_does_not_meet_mine) {
  actor_world world;
  world.start();
  const auto ada = world.register_person("Ada"), bob = world.register_person("Bob");
  auto mine = world.to_user(ada, change_profile{"Ada L"});
  auto his = world.to_user(bob, change_profile{"Bob L"});
  his.id = mine.id;
  ASSERT_TRUE(world.ask(mine).has_value());
  const auto second = world.ask(his);
  ASSERT_TRUE(second.has_value());
  EXPECT_FALSE(second->repeated);
}

TEST(commands, trap_6_an_unknown_id_older_than_answers_are_kept_is_refused) {
  actor_world world;
  world.start();
  const auto ada = world.register_person();
  const auto command = world.to_user(ada, change_profile{"Ada Lovelace"});
  world.clock->advance(events::limits::command_answer_kept + 1h);
  const auto refused = world.ask(command);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, rejection_code::command_expired);
}

TEST(commands, more_than_the_partition_takes_is_answered_overloaded_with_when_to_try_again) {
  world_options options;
  options.node.commands_in_flight = 3;
  actor_world world(options);
  auto& process = world.start();
  const auto ada = world.register_person();
  std::vector<std::shared_ptr<actor_world::asked>> all;
  for (int i = 0; i < 5; ++i)
    all.push_back(world.submit(process, world.to_user(ada, change_profile{"Ada " + std::to_string(i)})));
  world.run();
  int overloaded = 0;
  for (const auto& each : all)
    if (!each->only()) {
      EXPECT_EQ(each->only().error().code, rejection_code::overloaded);
      EXPECT_TRUE(each->only().error().retry_after_ms.has_value());
      ++overloaded;
    }
  EXPECT_EQ(overloaded, 2);
}

TEST(commands, an_entity_stashes_while_a_record_is_under_way_and_refuses_what_is_over_its_limit) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  world.log->next_append_meets(events::memory_log::fault::delay_record);
  std::vector<std::shared_ptr<actor_world::asked>> all;
  const auto count = events::limits::stash_commands_per_entity + 3;
  for (std::size_t i = 0; i < count; ++i)
    all.push_back(world.submit(process, world.to_user(ada, change_profile{"Ada " + std::to_string(i)})));
  world.run();
  EXPECT_EQ(std::ranges::count_if(all, [](const auto& each) { return each->answered(); }), 2);
  world.log->release();
  world.run();
  for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(all[i]->only().has_value(), i < count - 2) << i;
  EXPECT_NE(world.state_of(user_address(ada)).find("Ada " + std::to_string(count - 3)), std::string::npos);
}

TEST(commands, a_caller_is_told_within_the_deadline_and_may_ask_again_with_the_same_id) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  for (int i = 0; i < 3; ++i) world.log->next_append_meets(events::memory_log::fault::delay_record);
  const auto command = world.to_user(ada, change_profile{"Ada Lovelace"});
  auto asked = world.submit(process, command);
  world.advance(events::limits::command_deadline_ms + 1s);
  ASSERT_FALSE(asked->only().has_value());
  EXPECT_EQ(asked->only().error().code, rejection_code::unavailable);
  world.log->release();
  world.advance(30s);
  const auto again = world.ask(command);
  EXPECT_TRUE(again.has_value()) << again.error().message;
}

TEST(commands, a_full_disk_is_told_and_the_same_id_works_when_there_is_space) {
  actor_world world;
  world.start();
  const auto ada = world.register_person();
  world.log->next_append_meets(events::memory_log::fault::no_space);
  const auto command = world.to_user(ada, change_profile{"Ada Lovelace"});
  const auto refused = world.ask(command);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, rejection_code::unavailable);
  const auto again = world.ask(command);
  ASSERT_TRUE(again.has_value());
  EXPECT_FALSE(again->repeated);
}

} // namespace reverie::tests
