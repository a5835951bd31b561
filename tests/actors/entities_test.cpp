#include "tests/support/actor_world.hpp"

#include "events/model/limits.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace reverie::tests {

using namespace std::chrono_literals;
using actors::user::change_profile;
using events::rejection_code;

TEST(entities, one_that_was_idle_leaves_memory_and_comes_back_the_same) {
  actor_world world;
  world.start();
  const auto ada = world.register_person();
  ASSERT_TRUE(world.ask(world.to_user(ada, change_profile{"Ada L"})).has_value());
  const auto before = world.state_of(user_address(ada));
  EXPECT_EQ(world.status().live_entities, 1U);
  world.advance(events::limits::entity_idle_ms + 1s);
  EXPECT_EQ(world.status().live_entities, 0U);
  EXPECT_EQ(world.state_of(user_address(ada)), before);
  EXPECT_TRUE(world.ask(world.to_user(ada, change_profile{"Ada M"})).has_value());
}

TEST(entities, the_longest_unused_leave_when_the_memory_budget_is_passed) {
  world_options options;
  options.node.entity_memory_bytes = 1;
  actor_world world(options);
  world.start();
  const auto ada = world.register_person("Ada"), bob = world.register_person("Bob");
  world.advance(1s);
  EXPECT_EQ(world.status().live_entities, 0U);
  EXPECT_NE(world.state_of(user_address(ada)).find("Ada"), std::string::npos);
  EXPECT_NE(world.state_of(user_address(bob)).find("Bob"), std::string::npos);
}

TEST(entities, what_came_while_one_left_is_done_by_the_next_actor) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  world.clock->advance(events::limits::entity_idle_ms + 1s);
  auto asked = world.submit(process, world.to_user(ada, change_profile{"Ada L"}));
  world.advance(1s);
  ASSERT_TRUE(asked->only().has_value());
  EXPECT_NE(world.state_of(user_address(ada)).find("Ada L"), std::string::npos);
}

TEST(entities, an_actor_that_dies_is_made_again_and_the_command_is_done) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  process.random->throw_next(1);
  auto asked = world.submit(process, world.to_user(ada, change_profile{"Ada L"}));
  world.advance(2s);
  ASSERT_TRUE(asked->answered());
  EXPECT_TRUE(asked->only().has_value());
  EXPECT_NE(world.state_of(user_address(ada)).find("Ada L"), std::string::npos);
}

TEST(entities, one_whose_actor_dies_again_and_again_is_parked_and_the_rest_goes_on) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person("Ada"), bob = world.register_person("Bob");
  process.random->throw_next(5);
  auto asked = world.submit(process, world.to_user(ada, change_profile{"Ada L"}));
  world.advance(10s);
  ASSERT_FALSE(asked->only().has_value());
  EXPECT_EQ(asked->only().error().code, rejection_code::unavailable);
  EXPECT_EQ(world.status().parked_entities, 1U);
  EXPECT_TRUE(world.ask(world.to_user(bob, change_profile{"Bob L"})).has_value());
}

TEST(entities, state_after_a_crash_between_any_two_steps_is_what_the_log_says) {
  for (std::size_t steps = 1; steps < 60; steps += 2) {
    for (bool keep_state : {true, false}) {
      actor_world world;
      auto& process = world.start();
      const auto ada = world.register_person();
      const auto command = world.to_user(ada, change_profile{"Ada Lovelace"});
      auto asked = world.submit(process, command);
      process.run_steps(steps);
      const bool told = asked->answered() && asked->only().has_value();
      process.crash();
      if (keep_state) world.start();
      else world.start_without_state();
      const auto state = world.state_of(user_address(ada));
      EXPECT_TRUE(!told || state.find("Lovelace") != std::string::npos) << "an accepted command was lost after " << steps << " steps";
      const auto again = world.ask(command);
      ASSERT_TRUE(again.has_value()) << again.error().message;
      EXPECT_NE(world.state_of(user_address(ada)).find("Lovelace"), std::string::npos);
      EXPECT_EQ(again->repeated, state.find("Lovelace") != std::string::npos) << steps;
    }
  }
}

TEST(entities, a_graceful_stop_finishes_what_was_accepted_and_stores_the_states) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  world.log->next_append_meets(events::memory_log::fault::delay_acknowledgement);
  std::vector<std::shared_ptr<actor_world::asked>> all;
  for (int i = 0; i < 5; ++i)
    all.push_back(world.submit(process, world.to_user(ada, change_profile{"Ada " + std::to_string(i)})));
  process.run_steps(20);
  process.stop();
  for (const auto& each : all) {
    ASSERT_TRUE(each->answered());
    EXPECT_TRUE(each->only().has_value());
  }
  auto refused = world.submit(process, world.to_user(ada, change_profile{"late"}));
  ASSERT_FALSE(refused->only().has_value());
  EXPECT_EQ(refused->only().error().code, rejection_code::unavailable);
  const auto manifests = world.states->of({0})->checkpoints();
  ASSERT_TRUE(manifests.has_value());
  EXPECT_FALSE(manifests->empty());
  EXPECT_EQ(world.states->of({0})->applied()->next.value, world.records().size());
}

TEST(entities, a_stop_whose_time_runs_out_between_any_two_steps_answers_everyone) {
  for (std::size_t steps = 1; steps < 40; steps += 2) {
    actor_world world;
    auto& process = world.start();
    const auto ada = world.register_person("Ada"), bob = world.register_person("Bob");
    auto forged = world.records().back().content; // parks Bob in the middle of it
    forged.headers.first_sequence = {forged.headers.first_sequence.value + 7};
    std::vector<std::shared_ptr<actor_world::asked>> all;
    for (int i = 0; i < 3; ++i) {
      all.push_back(world.submit(process, world.to_user(ada, change_profile{"Ada " + std::to_string(i)})));
      all.push_back(world.submit(process, world.to_user(bob, change_profile{"Bob " + std::to_string(i)})));
    }
    world.log->write_raw({0}, forged);
    process.run_steps(steps);
    process.stop(0ms);
    for (const auto& each : all) EXPECT_EQ(each->answers.size(), 1U) << "after " << steps << " steps";
  }
}

TEST(entities, history_gives_every_update_after_a_position_in_order_also_what_is_not_stored_yet) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  std::vector<events::log_position> positions;
  for (int i = 0; i < 20; ++i) positions.push_back(world.ask(world.to_user(ada, change_profile{"Ada " + std::to_string(i)}))->position);
  for (std::size_t from : {0UL, 7UL, 19UL}) {
    std::vector<actors::shared_update> got;
    process.node->read_history(user_address(ada), events::entity_position{positions[from], {}}, 100, [&](auto found) { got = *found; });
    process.run();
    ASSERT_EQ(got.size(), 19 - from);
    for (std::size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i]->position, positions[from + 1 + i]);
  }
}

TEST(entities, history_comes_in_smaller_pages_where_records_are_large) {
  actor_world world;
  auto& process = world.start();
  const auto mira = world.create_character();
  actors::character::replace_card card{"application/json", "", "V2", {}};
  card.profile.name = "Mira";
  for (std::size_t i = 1; i <= 6; ++i) {
    card.card_base64 = std::string(2 * 1024 * 1024, static_cast<char>('a' + i)) + "==";
    ASSERT_TRUE(world.ask(world.to_character({}, mira, card)));
  }
  std::vector<std::uint64_t> sequences, sizes;
  for (std::optional<events::entity_position> after;;) {
    std::vector<actors::shared_update> page;
    process.node->read_history({{events::entity_kind::character, mira.value}, mira.value}, after, 100, [&](auto found) { page = *found; });
    process.run();
    if (page.empty()) break;
    sizes.push_back(page.size());
    for (const auto& each : page) sequences.push_back(each->happened.front().context.sequence.value);
    after = events::entity_position{page.back()->position, page.back()->happened.back().context.sequence};
  }
  EXPECT_EQ(sequences, (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7}));
  EXPECT_LE(*std::ranges::max_element(sizes), 3U) << "4 MiB, and the record that fills them";
}

TEST(entities, history_is_found_by_sequence_wherever_the_record_lay_before) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  for (int i = 0; i < 9; ++i) world.ask(world.to_user(ada, change_profile{"Ada " + std::to_string(i)}));
  const auto after = [&](std::uint64_t sequence) {
    std::vector<actors::shared_update> got;
    process.node->read_history(user_address(ada), events::entity_position{{{7}, {4711}}, {sequence}}, 100, [&](auto found) { got = *found; });
    process.run();
    return got;
  };
  const auto got = after(7);
  ASSERT_EQ(got.size(), 3U);
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i]->happened.front().context.sequence.value, 8 + i);
  EXPECT_TRUE(after(10).empty());
  EXPECT_TRUE(after(11).empty());
}

TEST(entities, many_lands_in_their_own_partitions_and_are_found_again) {
  world_options options;
  options.partitions = 4;
  actor_world world(options);
  auto& process = world.start();
  std::vector<events::user_id> people;
  for (int i = 0; i < 20; ++i) people.push_back(world.register_person("P" + std::to_string(i)));
  std::size_t used = 0;
  for (std::uint32_t p = 0; p < 4; ++p) used += world.records(p).size() > 1 ? 1U : 0U;
  EXPECT_GT(used, 1U);
  process.crash();
  world.start();
  for (std::size_t i = 0; i < people.size(); ++i)
    EXPECT_NE(world.state_of(user_address(people[i])).find("P" + std::to_string(i)), std::string::npos);
}

} // namespace reverie::tests
