#include "actors/effects/prompt/prompt_shapes.hpp"
#include "actors/effects/prompt/token_estimate.hpp"
#include "tests/unit/actors/effects/prompt/prompt_fixture.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

prompt::inputs for_a_small_model() {
  auto from = mira_and_tom();
  from.model.small = true;
  from.recalled.memories = {remembered(10, "User's dog is named Bruno", 0.9), remembered(11, "User likes dogs", 0.8)};
  return from;
}

TEST(small_prompt, tells_the_one_best_memory_in_the_users_words_right_before_the_question) {
  const auto made = prompt::build_prompt(for_a_small_model());
  EXPECT_EQ(made.request.messages.back(), (actors::prompt_message{"user", "My dog is named Bruno. What's my dog called?"}));
  EXPECT_EQ(pieces(made, "memory", true), 1U);
  EXPECT_EQ(pieces(made, "memory", false), 1U);
}

TEST(small_prompt, prefers_the_memory_that_the_question_is_about_among_those_that_share_a_word) {
  auto from = for_a_small_model();
  from.recalled.memories = {remembered(10, "User's dog is named Bruno", 1.18), remembered(11, "User's name is Tom", 1.10)};
  from.turns = {user_turn(1, "Do you remember my name?")};
  EXPECT_EQ(prompt::build_prompt(from).request.messages.back().content, "My name is Tom. Do you remember my name?");
}

TEST(small_prompt, has_a_short_persona_two_exchanges_and_the_measured_settings) {
  auto from = for_a_small_model();
  from.card.description = "{{char}} keeps a lighthouse by the northern sea. " + std::string(3000, 'x');
  const auto made = prompt::build_prompt(from);
  ASSERT_EQ(made.request.messages.size(), 6U);
  EXPECT_EQ(made.request.messages.front().content, "You are Mira, talking with Tom. Mira keeps a lighthouse by the northern sea.");
  EXPECT_LE(prompt::estimate_tokens(made.request.messages.front().content), 64U);
  EXPECT_EQ(made.request.max_tokens, 48U);
  EXPECT_EQ(made.request.temperature, 0.4);
  EXPECT_EQ(made.request.top_p, 0.9);
  EXPECT_EQ(made.request.min_p, 0.1);
  EXPECT_EQ(made.request.repeat_penalty, 1.1);
  EXPECT_EQ(made.sentences_max, 2U);
}

TEST(small_prompt, shows_the_model_none_of_its_own_messages) {
  auto from = for_a_small_model();
  from.turns = {user_turn(1, "Hi"), character_turn(2, "I said this before."), user_turn(3, "What's my dog called?"), user_turn(4, "Well?")};
  const auto made = prompt::build_prompt(from);
  EXPECT_FALSE(all_text(made).contains("I said this before."));
  EXPECT_EQ(made.request.messages.back().content, "My dog is named Bruno. What's my dog called?\nWell?");
}

TEST(small_prompt, leaves_out_a_memory_that_has_nothing_to_do_with_the_question) {
  auto from = for_a_small_model();
  from.turns = {user_turn(1, "How is the weather?")};
  EXPECT_EQ(prompt::build_prompt(from).request.messages.back().content, "How is the weather?");
}

TEST(small_prompt, says_facts_as_their_user_would) {
  EXPECT_EQ(prompt::in_own_words("User's dog is named Bruno"), "My dog is named Bruno");
  EXPECT_EQ(prompt::in_own_words("User is 30 years old"), "I am 30 years old");
  EXPECT_EQ(prompt::in_own_words("User likes tea"), "I like tea");
  EXPECT_EQ(prompt::in_own_words("User studies law"), "I study law");
  EXPECT_EQ(prompt::in_own_words("User teaches maths"), "I teach maths");
  EXPECT_EQ(prompt::in_own_words("User has a cat"), "I have a cat");
  EXPECT_EQ(prompt::in_own_words("I play the cello"), "I play the cello");
}

} // namespace
} // namespace reverie::tests
