#include "tests/support/actor_world.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace reverie::tests {

using namespace std::chrono_literals;
using actors::session::send_message;
using actors::user::change_profile;
using events::rejection_code;

namespace {

/// What an inspector was told, however often.
struct looked {
  std::vector<events::outcome<actors::owned_state>> told;
};

std::shared_ptr<looked> inspect(actor_process& process, const events::entity_address& entity) {
  auto place = std::make_shared<looked>();
  process.node->inspect(entity, [place](events::outcome<actors::owned_state> found) { place->told.push_back(std::move(found)); });
  return place;
}

/// A vault whose calls throw, as a bug in an adapter would.
class throwing_vault : public events::memory_wrapped_key_store {
public:
  events::outcome<std::optional<events::wrapped_key_row>> load(events::user_id person) override {
    if (throws) throw std::runtime_error("the vault fails, as the test wants");
    return memory_wrapped_key_store::load(person);
  }
  bool throws = false;
};

} // namespace

TEST(answers, who_looks_at_an_entity_whose_actor_dies_is_told_so) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  process.random->throw_next(1);
  auto asked = world.submit(process, world.to_user(ada, change_profile{"Ada L"}));
  auto place = inspect(process, user_address(ada));
  world.advance(2s);
  ASSERT_EQ(place->told.size(), 1U);
  EXPECT_TRUE(asked->only().has_value());
}

TEST(answers, who_looks_at_an_entity_that_is_parked_meanwhile_is_told_so) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  process.random->throw_next(5);
  auto asked = world.submit(process, world.to_user(ada, change_profile{"Ada L"}));
  std::vector<std::shared_ptr<looked>> places;
  for (int i = 0; i < 100; ++i) {
    places.push_back(inspect(process, user_address(ada)));
    world.advance(100ms);
  }
  EXPECT_EQ(world.status().parked_entities, 1U);
  for (const auto& each : places) EXPECT_EQ(each->told.size(), 1U);
}

TEST(answers, who_looks_is_told_after_a_step_back_between_any_two_steps) {
  for (std::size_t steps = 0; steps < 12; ++steps) {
    actor_world world;
    auto& process = world.start();
    const auto ada = world.register_person();
    auto place = inspect(process, user_address(ada));
    process.run_steps(steps);
    process.node->release({0});
    world.advance(1s);
    EXPECT_EQ(place->told.size(), 1U) << "after " << steps << " steps";
  }
}

/// Whatever actor ends at whatever step: who asked is told once, and either all goes on or health says what is gone.
TEST(answers, whatever_actor_ends_at_whatever_step_everyone_is_told_and_the_rest_goes_on) {
  std::size_t went_on = 0;
  for (std::size_t steps = 0; steps < 80; ++steps) {
    actor_world world;
    auto& process = world.start();
    const auto ada = world.register_person();
    const auto mira = world.create_character();
    const auto session = world.open_conversation(ada, mira);
    world.run();
    const auto said = world.to_session(ada, session, send_message{"Hello", {}});
    auto asked = world.submit(process, said);
    auto place = inspect(process, session_address(ada, session));
    if (!process.run_steps(steps)) break;
    process.kill_next();
    world.advance(30s);
    ASSERT_EQ(asked->answers.size(), 1U) << "after " << steps << " steps\n" << world.last_lines();
    EXPECT_EQ(place->told.size(), 1U) << "after " << steps << " steps";
    if (world.status().reason.find("has ended") != std::string::npos) continue;
    ++went_on;
    EXPECT_TRUE(world.status().serving) << "after " << steps << " steps\n" << world.last_lines();
    EXPECT_TRUE(world.ask(said).has_value()) << "after " << steps << " steps\n" << world.last_lines();
    world.advance(2s);
    EXPECT_FALSE(process.model->calls.empty()) << "no reply is made after " << steps << " steps\n" << world.last_lines();
  }
  EXPECT_GT(went_on, 10U);
}

TEST(answers, blocking_work_that_throws_is_answered_at_once) {
  auto vault = std::make_shared<throwing_vault>();
  actor_world world;
  world.keys = std::make_shared<events::memory_key_ring>(vault);
  auto& process = world.start();
  vault->throws = true;
  const events::user_id ada{world.fresh_id()};
  auto command = world.to_user(ada, actors::user::register_user{"ada@example.org", "Ada", {"user"}});
  auto asked = world.submit(process, command);
  auto place = inspect(process, user_address(ada));
  world.run();
  ASSERT_TRUE(asked->answered());
  ASSERT_FALSE(asked->only().has_value());
  EXPECT_EQ(asked->only().error().code, rejection_code::unavailable);
  EXPECT_EQ(place->told.size(), 1U);
  EXPECT_GE(process.lines_with("as the test wants"), 1U) << "what was thrown is logged";
  vault->throws = false;
  EXPECT_TRUE(world.ask(command).has_value());
}

TEST(answers, a_caller_that_throws_hurts_nobody_else) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  process.node->submit(world.to_user(ada, change_profile{"Ada L"}), [](const command_outcome&) { throw std::runtime_error("no"); });
  world.run();
  EXPECT_TRUE(world.status().serving);
  EXPECT_EQ(process.lines_with("could not take its answer"), 1U);
  EXPECT_TRUE(world.ask(world.to_user(ada, change_profile{"Ada M"})).has_value());
}

TEST(answers, a_partition_whose_handler_throws_starts_over_by_itself) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  process.node->release({0});
  world.run();
  process.random->throw_next(1); // in the announcement
  process.node->acquire({0});
  world.run();
  EXPECT_FALSE(world.status().serving);
  EXPECT_NE(world.status().reason.find("failed"), std::string::npos) << world.status().reason;
  auto refused = world.submit(process, world.to_user(ada, change_profile{"Ada L"}));
  world.run();
  EXPECT_FALSE(refused->only().has_value());
  world.advance(3s);
  EXPECT_TRUE(world.status().serving) << world.last_lines();
  EXPECT_TRUE(world.ask(world.to_user(ada, change_profile{"Ada L"})).has_value());
}

TEST(answers, callers_of_a_partition_actor_that_is_gone_are_told_and_health_says_so) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  auto first = world.submit(process, world.to_user(ada, change_profile{"Ada L"}));
  process.run_steps(2); // it is on its way
  auto waiting = world.submit(process, world.to_user(ada, change_profile{"Ada M"}));
  auto place = inspect(process, user_address(ada));
  while (!first->answered() && !waiting->answered()) process.kill_next(), process.run_steps(1);
  world.run();
  auto late = world.submit(process, world.to_user(ada, change_profile{"Ada N"}));
  auto looked_late = inspect(process, user_address(ada));
  world.run();
  for (const auto& each : {first, waiting, late}) {
    ASSERT_TRUE(each->answered());
    EXPECT_FALSE(each->only().has_value());
  }
  EXPECT_EQ(place->told.size(), 1U);
  EXPECT_EQ(looked_late->told.size(), 1U);
  EXPECT_FALSE(world.status().serving);
  EXPECT_NE(world.status().reason.find("has ended"), std::string::npos) << world.status().reason;
}

TEST(answers, who_stops_a_reply_is_told_though_the_actor_that_makes_replies_is_gone) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  std::vector<command_outcome> told;
  auto take = [&told](command_outcome result) { told.push_back(std::move(result)); };
  process.node->stop_reply({world.fresh_id()}, ada, take);
  process.kill_next();
  world.run();
  process.node->stop_reply({world.fresh_id()}, ada, take);
  world.run();
  ASSERT_EQ(told.size(), 2U);
  for (const auto& each : told) EXPECT_FALSE(each.has_value());
  EXPECT_FALSE(world.status().serving);
  EXPECT_NE(world.status().reason.find("has ended"), std::string::npos) << world.status().reason;
}

} // namespace reverie::tests
