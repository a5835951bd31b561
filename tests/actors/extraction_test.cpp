#include "actors/effects/extraction_inputs.hpp"
#include "tests/support/actor_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

using namespace std::chrono_literals;
using actors::bond::extracted_fact;
using actors::bond::fact_attribute;
using actors::session::send_message;
using events::failure_code;

namespace {

world_options with_extractor() {
  world_options options;
  options.facts_by_model = true;
  return options;
}

extracted_fact dog_called(const std::string& name) {
  extracted_fact fact;
  fact.attribute = fact_attribute::pet;
  fact.subject = "dog";
  fact.value = name;
  fact.sentence = "User's dog is named " + name;
  return fact;
}

/// A conversation whose facts are found by the fake extractor.
struct talk {
  talk() : world(with_extractor()) {
    world.start();
    person = world.register_person();
    character = world.create_character();
    session = world.open_conversation(person, character);
    world.run();
  }
  events::message_id say(const std::string& text) {
    const auto answer = world.ask(world.to_session(person, session, send_message{text, {}}));
    EXPECT_TRUE(answer.has_value());
    return {answer ? answer->subject : events::uuid{}};
  }
  std::vector<std::shared_ptr<fake_extractor::call>>& calls() { return world.last().facts->calls; }
  void find(std::size_t n, std::vector<extracted_fact> facts) {
    calls().at(n)->find(std::move(facts));
    world.run();
  }
  void fail(std::size_t n, failure_code code) {
    calls().at(n)->fail(code);
    world.run();
  }
  std::string bond() { return world.state_of(bond_address(person, character)); }
  bool knows(const std::string& text) { return bond().find(text) != std::string::npos; }
  std::size_t events_named(const std::string& name) {
    std::size_t count = 0;
    for (const auto& record : world.records())
      for (const auto& type : record.content.headers.types) count += type.name == name ? 1U : 0U;
    return count;
  }
  actors::extraction_counts counts() { return world.last().node->extractions(); }

  actor_world world;
  events::user_id person{};
  events::character_id character{};
  events::session_id session{};
};

constexpr auto by_rules = R"("extractor":"english-rules)";
constexpr auto by_fake = R"("extractor":"fake-extractor")";

} // namespace

TEST(extraction, what_a_model_found_is_learned_once_and_names_the_model_and_the_message) {
  talk one;
  const auto message = one.say("My dog is called Rex.");
  ASSERT_EQ(one.calls().size(), 1U);
  EXPECT_EQ(one.calls()[0]->request.said, "My dog is called Rex.");
  EXPECT_FALSE(one.knows("dog"));
  one.find(0, {dog_called("Rex")});
  EXPECT_TRUE(one.knows(R"("value":"Rex")"));
  EXPECT_TRUE(one.knows(by_fake)) << one.bond();
  EXPECT_TRUE(one.knows(R"("message_id":")" + events::to_string(message)));
  EXPECT_EQ(one.events_named("bond.fact_learned"), 1U);
  EXPECT_EQ(one.counts().by_model, 1U);
}

TEST(extraction, a_reply_does_not_wait_for_it) {
  talk one;
  one.say("My dog is called Rex.");
  ASSERT_EQ(one.world.last().model->calls.size(), 1U);
  one.world.last().model->calls[0]->finish("Hello Rex!");
  one.world.run();
  EXPECT_EQ(one.events_named("session.reply_completed"), 1U);
  EXPECT_EQ(one.events_named("bond.turn_observed"), 0U);
  EXPECT_EQ(one.world.status().pending_effects, 1U);
  one.find(0, {});
  EXPECT_EQ(one.events_named("bond.turn_observed"), 1U);
  one.world.advance(1s); // what the status shows is brought up to date by a tick
  EXPECT_EQ(one.world.status().pending_effects, 0U);
}

TEST(extraction, the_turns_before_are_shown_and_what_was_forgotten_is_not) {
  talk one;
  const auto secret = one.say("My sister is ill.");
  one.find(0, {});
  one.world.last().model->calls[0]->finish("I see.");
  one.world.run();
  const auto forget = actors::bond::forget_memory{actors::bond::episode_of(secret), secret};
  ASSERT_TRUE(one.world.ask(one.world.to_bond(one.person, one.character, forget)).has_value());
  one.say("She is called Ana.");
  ASSERT_EQ(one.calls().size(), 2U);
  const auto& before = one.calls()[1]->request.before;
  ASSERT_EQ(before.size(), 2U);
  EXPECT_EQ(before[0], (actors::prompt_message{"assistant", "Hello!"}));
  EXPECT_EQ(before[1], (actors::prompt_message{"assistant", "I see."}));
}

TEST(extraction, turns_of_a_conversation_are_looked_at_one_after_another) {
  talk one;
  one.say("My dog is called Rex.");
  one.say("No, he is called Max.");
  ASSERT_EQ(one.calls().size(), 1U);
  one.find(0, {dog_called("Rex")});
  ASSERT_EQ(one.calls().size(), 2U);
  auto renamed = dog_called("Max");
  renamed.exclusive = true;
  one.find(1, {renamed});
  EXPECT_EQ(one.events_named("bond.fact_closed"), 1U);
}

TEST(extraction, a_model_that_gives_nonsense_leaves_the_turn_to_the_rules_at_once) {
  talk one;
  one.say("My dog is called Rex.");
  one.fail(0, failure_code::malformed);
  EXPECT_EQ(one.calls().size(), 1U);
  EXPECT_TRUE(one.knows(by_rules)) << one.bond();
  EXPECT_EQ(one.events_named("bond.fact_learned"), 1U);
  EXPECT_EQ(one.counts().by_rules_instead, 1U);
  EXPECT_EQ(one.world.last().lines_with("the rules look instead"), 1U);
}

TEST(extraction, a_model_that_is_away_is_asked_again_and_then_the_rules_look) {
  talk one;
  one.say("My dog is called Rex.");
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_EQ(one.calls().size(), i + 1);
    one.fail(i, failure_code::unavailable);
    one.world.advance(11s);
  }
  EXPECT_EQ(one.calls().size(), 3U);
  EXPECT_TRUE(one.knows(by_rules)) << one.bond();
  EXPECT_EQ(one.counts().by_rules_instead, 1U);
}

TEST(extraction, a_model_that_takes_too_long_is_given_up_and_what_it_says_late_is_not_heard) {
  talk one;
  one.say("My dog is called Rex.");
  one.world.advance(31s);
  EXPECT_TRUE(one.calls()[0]->cancelled);
  EXPECT_TRUE(one.knows(by_rules)) << one.bond();
  one.find(0, {dog_called("Max")});
  EXPECT_FALSE(one.knows("Max"));
  EXPECT_EQ(one.events_named("bond.turn_observed"), 1U);
}

TEST(extraction, a_client_that_throws_leaves_the_turn_to_the_rules_and_the_next_goes_on) {
  talk one;
  one.world.last().facts->throws = 1;
  one.say("My dog is called Rex.");
  EXPECT_TRUE(one.knows(by_rules)) << one.bond();
  one.say("My cat is called Tom.");
  EXPECT_EQ(one.calls().size(), 1U);
}

TEST(extraction, a_turn_whose_process_died_after_the_model_answered_is_looked_at_again_and_learned_once) {
  talk one;
  one.say("My dog is called Rex.");
  one.world.last().crash();
  one.find(0, {dog_called("Rex")});
  one.world.start();
  one.world.run();
  ASSERT_EQ(one.calls().size(), 1U) << one.world.last_lines();
  EXPECT_EQ(one.events_named("bond.turn_observed"), 0U);
  auto other = dog_called("Rexi");
  one.find(0, {other});
  EXPECT_EQ(one.events_named("bond.fact_learned"), 1U);
  EXPECT_EQ(one.events_named("bond.turn_observed"), 1U);
}

TEST(extraction, a_turn_that_was_recorded_before_the_process_died_asks_no_model_again) {
  talk one;
  one.say("My dog is called Rex.");
  one.find(0, {dog_called("Rex")});
  ASSERT_EQ(one.events_named("bond.fact_learned"), 1U);
  one.world.last().crash();
  one.world.start_without_state();
  one.world.advance(10s);
  EXPECT_TRUE(one.calls().empty());
  EXPECT_EQ(one.events_named("bond.fact_learned"), 1U);
  EXPECT_EQ(one.world.last().lines_with("was refused"), 0U) << one.world.last_lines();
  EXPECT_TRUE(one.knows(by_fake));
}

TEST(extraction, too_many_turns_waiting_leaves_the_newest_to_the_rules) {
  auto options = with_extractor();
  options.node.extractions_waiting = 1;
  actor_world world(options);
  world.start();
  const auto person = world.register_person();
  const auto character = world.create_character();
  const auto session = world.open_conversation(person, character);
  ASSERT_TRUE(world.ask(world.to_session(person, session, send_message{"My dog is called Rex.", {}})).has_value());
  ASSERT_TRUE(world.ask(world.to_session(person, session, send_message{"My cat is called Tom.", {}})).has_value());
  EXPECT_EQ(world.last().facts->calls.size(), 1U);
  EXPECT_NE(world.state_of(bond_address(person, character)).find("Tom"), std::string::npos);
  EXPECT_EQ(world.last().node->extractions().by_rules_instead, 1U);
}

TEST(extraction, a_message_too_long_for_it_is_left_to_the_rules) {
  talk one;
  one.say("My dog is called Rex. " + std::string(actors::extraction_message_bytes, '.'));
  EXPECT_TRUE(one.calls().empty());
  EXPECT_EQ(one.counts().by_rules_instead, 1U);
}

TEST(extraction, what_a_limit_leaves_out_is_counted_and_a_line_names_the_bond) {
  talk one;
  one.say("I like many things.");
  std::vector<extracted_fact> facts;
  for (std::size_t i = 0; i < events::limits::facts_per_turn + 4; ++i) {
    extracted_fact fact;
    fact.attribute = fact_attribute::like;
    fact.subject = "user";
    fact.value = "thing" + std::string(1, static_cast<char>('a' + i));
    fact.sentence = "User likes " + fact.value;
    facts.push_back(fact);
  }
  one.find(0, facts);
  EXPECT_EQ(one.events_named("bond.fact_learned"), events::limits::facts_per_turn);
  EXPECT_EQ(one.counts().facts_left_out, 4U);
  const auto name = events::to_string(bond_address(one.person, one.character).entity);
  EXPECT_EQ(one.world.last().lines_with(name + ": message "), 1U) << one.world.last_lines();
}

} // namespace reverie::tests
