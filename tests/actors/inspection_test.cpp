#include "tests/support/actor_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

using namespace std::chrono_literals;
using actors::session::send_message;

namespace {

/// A conversation in which a reply is asked for and not given.
struct waiting_reply {
  waiting_reply() {
    world.start();
    person = world.register_person();
    session = world.open_conversation(person, world.create_character());
    world.run();
    EXPECT_TRUE(world.ask(world.to_session(person, session, send_message{"Hello?", {}})).has_value());
    world.run();
  }
  std::vector<actors::effect_status> effects(std::size_t effects_max = 100) {
    std::optional<events::outcome<std::vector<actors::effect_status>>> answer;
    world.last().node->effects({0}, effects_max, [&](auto found) { answer = std::move(found); });
    world.run();
    EXPECT_TRUE(answer && *answer);
    return answer && *answer ? **answer : std::vector<actors::effect_status>{};
  }
  events::outcome<void> retry(events::effect_id id) {
    std::optional<events::outcome<void>> answer;
    world.last().node->retry_effect({0}, id, [&](auto done) { answer = std::move(done); });
    world.run();
    return answer.value_or(events::fail(events::failure_code::timed_out, "not answered"));
  }
  actors::entity_standing stand(const events::entity_address& entity) {
    std::optional<events::outcome<actors::entity_standing>> answer;
    world.last().node->stand(entity, [&](auto found) { answer = std::move(found); });
    world.run();
    EXPECT_TRUE(answer && *answer);
    return answer && *answer ? **answer : actors::entity_standing{};
  }

  actor_world world;
  events::user_id person{};
  events::session_id session{};
};

} // namespace

TEST(inspection, shows_what_waits_with_its_cause_and_since_when) {
  waiting_reply one;
  auto waiting = one.effects();
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0].kind, "generate_reply");
  EXPECT_EQ(waiting[0].entity, session_address(one.person, one.session).entity);
  EXPECT_EQ(waiting[0].cause.entity, waiting[0].entity);
  EXPECT_FALSE(waiting[0].failed);
  one.world.advance(3s);
  EXPECT_EQ(one.effects()[0].since, waiting[0].since);
  EXPECT_TRUE(one.effects(0).empty());
  one.world.last().model->calls.at(0)->finish("Hello!");
  one.world.run();
  EXPECT_TRUE(one.effects().empty());
}

TEST(inspection, tries_what_waits_again_and_knows_nothing_of_others) {
  waiting_reply one;
  EXPECT_TRUE(one.retry(one.effects()[0].id));
  EXPECT_EQ(one.effects().size(), 1U);
  EXPECT_EQ(one.retry({one.world.fresh_id()}).error().code, events::failure_code::not_found);
}

TEST(inspection, shows_how_an_entity_stands_without_loading_it) {
  waiting_reply one;
  auto standing = one.stand(session_address(one.person, one.session));
  EXPECT_TRUE(standing.in_memory);
  EXPECT_FALSE(standing.parked);
  EXPECT_EQ(standing.effects.size(), 1U);
  EXPECT_FALSE(one.stand(user_address({one.world.fresh_id()})).in_memory);
}

TEST(inspection, answers_for_a_partition_that_is_not_there_or_a_node_that_stops) {
  waiting_reply one;
  std::optional<events::outcome<std::vector<actors::effect_status>>> answer;
  one.world.last().node->effects({7}, 1, [&](auto found) { answer = std::move(found); });
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error().code, events::failure_code::unavailable);
  one.world.last().stop();
  answer.reset();
  one.world.last().node->effects({0}, 1, [&](auto found) { answer = std::move(found); });
  ASSERT_TRUE(answer);
  EXPECT_FALSE(*answer);
}

} // namespace reverie::tests
