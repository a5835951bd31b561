#include "actors/domain/bond/fact_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace reverie::actors::bond {
namespace {

using namespace std::chrono_literals;

const events::timestamp said_at = *events::parse_rfc3339("2026-11-21T12:00:00Z");

extracted_fact only_fact(std::string_view text) {
  const auto facts = facts_in({text, said_at});
  EXPECT_EQ(facts.size(), 1U) << text;
  return facts.empty() ? extracted_fact{} : facts.front();
}

TEST(fact_rules, say_facts_in_the_third_person) {
  EXPECT_EQ(only_fact("My dog is called Bruno").sentence, "User's dog is named Bruno");
  EXPECT_EQ(only_fact("I work as a nurse").sentence, "User works as a nurse");
  EXPECT_EQ(only_fact("I have a recital on Friday").sentence,
            "User has a recital on Friday (27 November 2026)");
  EXPECT_EQ(only_fact("I'm going to visit my parents tomorrow").sentence,
            "User is going to visit their parents tomorrow (22 November 2026)");
  EXPECT_EQ(only_fact("We moved to Berlin in 2020").sentence, "User lives in Berlin (since 2020)");
}

TEST(fact_rules, keep_the_spelling_of_the_user) {
  EXPECT_EQ(only_fact("My name is Anna-María  de la Cruz").value, "Anna-María de la Cruz");
  EXPECT_EQ(only_fact("my dog's name is bruno").value, "bruno");
}

TEST(fact_rules, point_at_the_words_they_rest_on) {
  const std::string text = "Well then. My name is Anna!";
  const auto fact = only_fact(text);
  EXPECT_EQ(text.substr(fact.source.begin, fact.source.end - fact.source.begin), "My name is Anna");
}

TEST(fact_rules, leave_recalled_text_alone) {
  const std::string text = "You told me: my name is Anna. My dog is named Rex.";
  const text_span recalled{13, 28};
  const auto facts = facts_in({text, said_at, std::span{&recalled, 1}});
  ASSERT_EQ(facts.size(), 1U);
  EXPECT_EQ(facts[0].value, "Rex");
}

TEST(fact_rules, accept_spans_that_lie_outside_the_text) {
  const text_span wrong{1000, 2000};
  EXPECT_EQ(facts_in({"My name is Anna", said_at, std::span{&wrong, 1}}).size(), 1U);
}

TEST(fact_rules, count_days_at_the_clock_of_the_speaker) {
  const auto late = *events::parse_rfc3339("2026-11-21T23:30:00Z");
  const auto facts = facts_in({"I have an exam tomorrow", late, {}, 120min}); // there it is the 22nd already
  ASSERT_EQ(facts.size(), 1U);
  EXPECT_EQ(facts[0].valid_from, *events::parse_rfc3339("2026-11-22T22:00:00Z"));
}

TEST(fact_rules, tell_weak_from_strong_statements) {
  EXPECT_GT(only_fact("My name is Anna").confidence, only_fact("I'm Anna").confidence);
  EXPECT_GT(only_fact("I'm 30 years old").confidence, only_fact("I'm 30").confidence);
}

TEST(fact_rules, survive_any_bytes) {
  const unsigned seed = 20'261'121;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const std::string_view pieces[] = {
      "my",   " ",    "name",     "is", "I'm",   "'",      "\"",   "*",     "`",  "\xe2\x80\x99",
      "\xff", "Anna", "on 3 May", ",",  "since", "2020",   "?",    ".",     "\n", "> ",
      "dog",  "🐕",   "n't",      "'s", "not",   "have a", "next", "Friday"};
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (auto k = random() % 14; k > 0; --k)
      text.append(pieces[random() % std::size(pieces)]).append(random() % 2, ' ');
    for (const auto& fact : facts_in({text, said_at}))
      EXPECT_LE(fact.source.end, text.size());
  }
}

TEST(fact_rules, are_quick_with_the_longest_message) {
  std::string text;
  while (text.size() < 32 * 1024)
    text += "I really like my old friend called and the dog named of it, ";
  const auto begin = std::chrono::steady_clock::now();
  (void)facts_in({text, said_at});
  EXPECT_LT(std::chrono::steady_clock::now() - begin,
            5s); // linear: some 100 ms; a quadratic one would take minutes
}

TEST(fact_rules, name_attributes_as_events_do) {
  EXPECT_EQ(attribute_name(fact_attribute::health), "health");
  for (const std::string_view name :
       {"name", "age", "home", "work", "like", "dislike", "family", "pet", "date", "plan", "health"}) {
    ASSERT_TRUE(attribute_of(name)) << name;
    EXPECT_EQ(attribute_name(*attribute_of(name)), name);
  }
  EXPECT_FALSE(attribute_of("colour"));
}

// What is said later, and a fact that is held: attribute, subject, value.
bool closed_by(std::string_view text, const held_fact& held) {
  const auto facts = facts_in({text, said_at});
  EXPECT_FALSE(facts.empty()) << text;
  return std::ranges::any_of(facts, [&](const extracted_fact& fact) { return closes(fact, held); });
}

TEST(superseding_facts, close_the_older_value_of_what_has_one_at_a_time) {
  EXPECT_TRUE(closed_by("Actually my name is Eva", {"name", "user", "Anna"}));
  EXPECT_TRUE(closed_by("We moved to Berlin last year", {"home", "user", "Porto"}));
  EXPECT_TRUE(closed_by("I turned 31 today", {"age", "user", "30"}));
  EXPECT_TRUE(closed_by("I'm a teacher", {"work", "user", "nurse"}));
  EXPECT_TRUE(closed_by("My favourite colour is green", {"like", "favourite colour", "blue"}));
}

TEST(superseding_facts, leave_other_facts_of_the_same_attribute) {
  EXPECT_FALSE(closed_by("My name is Eva", {"name", "nickname", "Ann"}));
  EXPECT_FALSE(closed_by("I live in Berlin", {"home", "origin", "Brazil"}));
  EXPECT_FALSE(closed_by("I'm a teacher", {"work", "employer", "Google"}));
  EXPECT_FALSE(closed_by("I love tea", {"like", "user", "coffee"}));
  EXPECT_FALSE(closed_by("My sister Ana lives in Porto", {"home", "user", "Berlin"}));
}

TEST(superseding_facts, do_not_close_what_they_say_again) {
  EXPECT_FALSE(closed_by("My name is anna", {"name", "user", "Anna"}));
  EXPECT_TRUE(restates(only_fact("My name is anna"), {"name", "user", "Anna"}));
  EXPECT_TRUE(restates(only_fact("I love to swim"), {"like", "user", "swimming"}));
  EXPECT_FALSE(restates(only_fact("My name is Eva"), {"name", "user", "Anna"}));
}

TEST(superseding_facts, close_a_like_by_its_opposite_and_back) {
  EXPECT_TRUE(closed_by("I hate jazz", {"like", "user", "jazz"}));
  EXPECT_TRUE(closed_by("I don't like jazz any more", {"like", "user", "Jazz"}));
  EXPECT_TRUE(closed_by("I love jazz", {"dislike", "user", "jazz"}));
  EXPECT_FALSE(closed_by("I hate jazz", {"like", "user", "blues"}));
}

TEST(superseding_facts, close_what_holds_no_longer) {
  EXPECT_TRUE(closed_by("I don't work there any more", {"work", "employer", "Google"}));
  EXPECT_TRUE(closed_by("I quit my job", {"work", "user", "nurse"}));
  EXPECT_FALSE(closed_by("I quit my job", {"work", "studies", "physics"}));
  EXPECT_TRUE(closed_by("I don't live in Berlin anymore", {"home", "user", "Berlin"}));
  EXPECT_FALSE(closed_by("I don't live in Berlin anymore", {"home", "user", "Porto"}));
  EXPECT_TRUE(closed_by("I'm not vegan anymore", {"health", "user", "vegan"}));
}

TEST(superseding_facts, keep_two_dogs_but_follow_a_renamed_one) {
  EXPECT_FALSE(closed_by("I have a dog called Max", {"pet", "dog", "Bruno"}));
  EXPECT_TRUE(closed_by("We renamed the dog to Max", {"pet", "dog", "Bruno"}));
  EXPECT_TRUE(closed_by("My dog is now called Max", {"pet", "dog", "Bruno"}));
  EXPECT_TRUE(closed_by("My dog is called Bruno", {"pet", "dog", "dog"})); // until then it had no name
}

TEST(superseding_facts, tell_one_sister_from_another) {
  EXPECT_TRUE(closed_by("My sister Ana moved to Lisbon", {"home", "sister Ana", "Porto"}));
  EXPECT_TRUE(closed_by("My sister Ana moved to Lisbon", {"home", "sister", "Porto"}));
  EXPECT_FALSE(closed_by("My sister Ana moved to Lisbon", {"home", "sister Eva", "Porto"}));
}

} // namespace
} // namespace reverie::actors::bond
