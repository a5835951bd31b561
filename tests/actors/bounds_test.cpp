#include "tests/support/actor_world.hpp"

#include "events/model/limits.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

using namespace std::chrono_literals;
using actors::session::send_message;
using actors::user::change_profile;
using events::rejection_code;

TEST(bounds, what_waits_for_local_state_is_bounded_and_nothing_of_it_is_lost) {
  world_options options;
  options.node.state_write_records = 1;
  options.node.unwritten_records_max = 10;
  actor_world world(options);
  auto& process = world.start();
  const auto ada = world.register_person();
  world.states->of({0})->fail_writes(events::failure_code::no_space);
  std::size_t done = 0;
  command_outcome last;
  for (int i = 0; i < 40; ++i) {
    last = world.ask(world.to_user(ada, change_profile{"Ada " + std::to_string(i)}));
    if (!last) break;
    ++done;
  }
  EXPECT_EQ(done, 10U);
  ASSERT_FALSE(last.has_value());
  EXPECT_EQ(last.error().code, rejection_code::overloaded);
  EXPECT_TRUE(last.error().retry_after_ms.has_value());
  EXPECT_FALSE(world.status().serving);
  world.advance(2s);
  EXPECT_EQ(process.lines_with("can't be written"), 1U) << world.last_lines();
  world.states->of({0})->fail_writes(std::nullopt);
  world.advance(1s);
  EXPECT_TRUE(world.status().serving) << world.status().reason;
  EXPECT_TRUE(world.ask(world.to_user(ada, change_profile{"Ada Lovelace"})).has_value());
  EXPECT_EQ(world.states->of({0})->applied()->next.value, world.records().size());
  process.crash();
  world.start();
  EXPECT_NE(world.state_of(user_address(ada)).find("Lovelace"), std::string::npos);
}

TEST(bounds, places_of_entities_not_used_are_read_again_when_they_are_needed) {
  world_options options;
  options.node.state_write_records = 1;
  options.node.tips_in_memory = 4;
  actor_world world(options);
  auto& process = world.start();
  std::vector<events::user_id> people;
  std::vector<actors::command_envelope> given;
  for (int i = 0; i < 20; ++i) people.push_back(world.register_person("P" + std::to_string(i)));
  const auto before = process.states->tips_read();
  for (const auto& each : people) {
    given.push_back(world.to_user(each, change_profile{"Again"}));
    ASSERT_TRUE(world.ask(given.back()).has_value());
  }
  EXPECT_GT(process.states->tips_read() - before, 10U) << "they were forgotten";
  const auto copy = world.records().back().content;
  world.log->write_raw({0}, copy);
  for (const auto& each : given) EXPECT_TRUE(world.ask(each)->repeated);
  EXPECT_EQ(world.status().repeated, 1U) << "what was counted before stays counted";
  EXPECT_EQ(world.status().gaps, 0U);
  EXPECT_EQ(world.status().parked_entities, 0U);
  EXPECT_EQ(world.status().counted + 1, world.records().size());
}

TEST(bounds, small_batches_reach_local_state_together_and_no_later_than_the_next_tick) {
  world_options options;
  options.node.state_write_records = 8;
  actor_world world(options);
  auto& process = world.start();
  const auto ada = world.register_person();
  world.advance(200ms);
  const auto stored = [&] { return world.states->of({0})->applied()->next.value; };
  EXPECT_EQ(stored(), world.records().size());
  const auto before = stored();
  for (int i = 0; i < 7; ++i) ASSERT_TRUE(world.ask(world.to_user(ada, change_profile{"Ada " + std::to_string(i)})).has_value());
  EXPECT_EQ(stored(), before) << "answered, and not worth a write yet";
  ASSERT_TRUE(world.ask(world.to_user(ada, change_profile{"Ada 7"})).has_value());
  EXPECT_EQ(stored(), world.records().size());
  ASSERT_TRUE(world.ask(world.to_user(ada, change_profile{"Ada L"})).has_value());
  process.crash();
  world.start_without_state();
  EXPECT_NE(world.state_of(user_address(ada)).find("Ada L"), std::string::npos);
}

TEST(bounds, more_replies_than_may_wait_fail_at_once_to_be_asked_for_again) {
  world_options options;
  options.node.generations_max = 1;
  options.node.replies_waiting = 1;
  actor_world world(options);
  auto& process = world.start();
  const auto mira = world.create_character();
  std::vector<events::user_id> people;
  std::vector<events::session_id> sessions;
  for (int i = 0; i < 4; ++i) {
    people.push_back(world.register_person("P" + std::to_string(i)));
    sessions.push_back(world.open_conversation(people.back(), mira));
  }
  auto listener = std::make_shared<recording_listener>();
  std::vector<std::shared_ptr<void>> tokens;
  for (const auto& each : people) tokens.push_back(process.node->listen(each, listener));
  for (std::size_t i = 0; i < people.size(); ++i) world.ask(world.to_session(people[i], sessions[i], send_message{"Hello", {}}));
  world.run();
  EXPECT_EQ(std::ranges::count(listener->trace, "session.reply_failed"), 2);
  EXPECT_EQ(process.model->calls.size(), 1U);
  process.model->calls[0]->finish("Hi.");
  world.run();
  EXPECT_EQ(process.model->calls.size(), 2U) << "the one that waited has its turn";
}

TEST(bounds, the_size_of_a_state_is_not_walked_for_each_record) {
  using actors::runtime::entity_core;
  const events::user_id ada{events::derive_uuid("test", {}, {}, 1)};
  entity_core core(user_address(ada));
  const actors::command_envelope envelope{{events::derive_uuid("test", {}, {}, 2)}, {}, ada, user_address(ada), {}, {}};
  constexpr std::uint64_t records = 4'000;
  std::size_t walked_at_half = 0;
  for (std::uint64_t i = 0; i < records; ++i) {
    const std::vector<events::event> happened{events::user::profile_changed{std::string(100, 'x')}};
    auto made = core.seal(envelope, happened, {}, {}, nullptr);
    ASSERT_TRUE(made.has_value());
    const events::stored_record stored{{{0}, {i}}, *made};
    const auto read = core.read(stored, {});
    ASSERT_TRUE(read.has_value());
    core.apply(stored, *read);
    EXPECT_GT(core.memory_bytes(), sizeof core);
    if (i + 1 == records / 2) walked_at_half = core.times_measured();
  }
  EXPECT_LE(core.times_measured(), records / 8);
  EXPECT_LE(core.times_measured(), 2 * walked_at_half + 2) << "the work grows with the records, not with their square";
  EXPECT_LT(core.memory_bytes(), 16'384U) << "a state that does not grow stays small";
}

} // namespace reverie::tests
