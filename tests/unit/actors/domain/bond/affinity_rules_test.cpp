#include "actors/domain/bond/affinity_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace reverie::actors::bond {
namespace {

using namespace std::chrono_literals;
using enum affinity_axis;

const events::timestamp noon = *events::parse_rfc3339("2026-11-21T12:00:00Z");
const affinity_values middle{{0.5, 0.5, 0.5, 0.5}};

double moved(const std::vector<affinity_change>& changes, affinity_axis axis, std::string_view reason) {
  double sum = 0;
  for (const auto& change : changes)
    sum += change.axis == axis && change.reason == reason ? change.delta : 0;
  return sum;
}

std::vector<affinity_change> said(std::string_view text, const affinity_values& now = middle,
                                  std::size_t facts = 0) {
  return affinity_changes(now, {}, {text, noon, noon - 1h, facts});
}

TEST(affinity_rules, name_a_cause_for_every_change) {
  for (const std::string_view text : {"thank you so much", "you are an idiot", "I'm sorry", "hello"}) {
    for (const auto& change : said(text)) {
      EXPECT_FALSE(change.reason.empty());
      EXPECT_TRUE(change.sentence.ends_with('.'));
      EXPECT_NE(change.delta, 0);
    }
  }
}

TEST(affinity_rules, warm_to_thanks_and_kind_words) {
  EXPECT_GT(moved(said("Thanks a lot!"), affection, "thanks"), 0);
  EXPECT_GT(moved(said("You're so sweet"), affection, "compliment"), 0);
  EXPECT_GT(moved(said("i missed you"), affection, "compliment"), 0);
  EXPECT_LT(moved(said("you are amazing"), tension, "compliment"), 0);
}

TEST(affinity_rules, do_not_take_a_negation_for_a_kind_word) {
  EXPECT_EQ(moved(said("You are not nice"), affection, "compliment"), 0);
  EXPECT_EQ(moved(said("I don't love you"), affection, "compliment"), 0);
  EXPECT_EQ(moved(said("no thanks"), affection, "thanks"), 0);
}

TEST(affinity_rules, are_hurt_by_insults_and_count_nothing_kind_beside_them) {
  const auto changes = said("Thank you, you stupid machine");
  EXPECT_LT(moved(changes, affection, "insult"), 0);
  EXPECT_LT(moved(changes, trust, "insult"), 0);
  EXPECT_GT(moved(changes, tension, "insult"), 0);
  EXPECT_EQ(moved(changes, affection, "thanks"), 0);
  EXPECT_EQ(moved(said("you are not stupid"), tension, "insult"), 0);
  EXPECT_EQ(moved(said("My boss is an idiot"), tension, "insult"), 0);
}

TEST(affinity_rules, forgive_on_an_apology) {
  EXPECT_LT(moved(said("I'm so sorry... sorry for that"), tension, "apology"), 0);
  EXPECT_EQ(moved(said("sorry", {{0.5, 0.5, 0.5, 0}}), tension, "apology"), 0);
}

TEST(affinity_rules, grow_familiar_by_what_is_told) {
  const auto one = said("My dog is called Bruno", middle, 1);
  const auto many = said("…", middle, 100);
  EXPECT_GT(moved(one, familiarity, "told_about_yourself"), 0);
  EXPECT_GT(moved(one, trust, "told_about_yourself"), 0);
  EXPECT_NEAR(moved(many, familiarity, "told_about_yourself"),
              3 * moved(one, familiarity, "told_about_yourself"), 1e-5);
  EXPECT_GT(moved(said("What a day"), familiarity, "talked"), 0);
}

TEST(affinity_rules, like_to_be_asked_about_and_confided_in) {
  EXPECT_GT(moved(said("What do you like to do?"), affection, "asked_about_me"), 0);
  EXPECT_EQ(moved(said("Can you open the window?"), affection, "asked_about_me"), 0);
  EXPECT_GT(moved(said("I never told anyone, but I feel lost"), trust, "confided"), 0);
}

TEST(affinity_rules, welcome_who_comes_back_after_a_day) {
  const auto back = affinity_changes(middle, {}, {"Hello again", noon, noon - 26h, 0});
  EXPECT_GT(moved(back, affection, "came_back"), 0);
  EXPECT_EQ(moved(said("Hello again"), affection, "came_back"), 0);
  EXPECT_EQ(moved(affinity_changes(middle, {}, {"Hello", noon, std::nullopt, 0}), affection, "came_back"), 0);
}

TEST(affinity_rules, fade_with_long_absence_to_a_floor) {
  const auto months = affinity_changes(middle, {}, {"so", noon, noon - 24h * 63, 0});
  EXPECT_NEAR(moved(months, affection, "long_absence"), -0.2, 1e-6);    // half of what is above 0.1
  EXPECT_NEAR(moved(months, familiarity, "long_absence"), -0.15, 1e-6); // half of what is above 0.2
  const auto years = affinity_changes(middle, {}, {"so", noon, noon - 24h * 3650, 0});
  EXPECT_NEAR(moved(years, affection, "long_absence"), -0.4, 1e-5);
  EXPECT_EQ(moved(affinity_changes(middle, {}, {"so", noon, noon - 24h * 2, 0}), affection, "long_absence"),
            0);
}

TEST(affinity_rules, calm_down_with_time) {
  const auto next_day = affinity_changes(middle, {}, {"so", noon, noon - 24h, 0});
  EXPECT_NEAR(moved(next_day, tension, "time_calms"), -0.25, 1e-6);
}

TEST(affinity_rules, cap_what_a_day_can_gain) {
  affinity_values now = initial_affinity();
  affinity_values gained;
  for (int i = 0; i < 500; ++i) {
    for (const auto& change : affinity_changes(
             now, gained, {"Thank you, you are wonderful! What do you like?", noon, noon - 1min, 3})) {
      now[change.axis] += change.delta;
      if (change.delta > 0) gained[change.axis] += change.delta;
    }
  }
  for (const auto axis : all_affinity_axes)
    EXPECT_LE(gained[axis], daily_gain_cap(axis) + 1e-9) << axis_name(axis);
  EXPECT_NEAR(gained[affection], daily_gain_cap(affection), 1e-6);
  EXPECT_EQ(affinity_level(now), "acquaintance");
}

TEST(affinity_rules, keep_every_axis_between_nothing_and_all_whatever_is_said) {
  const unsigned seed = 20'261'121;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const std::string_view pieces[] = {"you are",  " stupid", " sweet", "thank you ", "sorry ",
                                     "?",        "hello ",  "私は",   "\xff\xfe",   "i love you ",
                                     "shut up ", "🙂",      "not "};
  affinity_values now = initial_affinity();
  for (int i = 0; i < 5000; ++i) {
    std::string text;
    for (auto k = random() % 6; k > 0; --k)
      text += pieces[random() % std::size(pieces)];
    const auto away = std::chrono::hours{random() % 2000};
    for (const auto& change : affinity_changes(now, {}, {text, noon, noon - away, random() % 5}))
      now[change.axis] += change.delta;
    for (const auto axis : all_affinity_axes) {
      ASSERT_GE(now[axis], -1e-6) << text;
      ASSERT_LE(now[axis], 1 + 1e-6) << text;
    }
  }
}

TEST(affinity_rules, need_no_english_to_grow_familiar) {
  EXPECT_GT(moved(said("今日はとても暑いですね"), familiarity, "talked"), 0);
  EXPECT_GT(moved(said("Привет, как дела"), familiarity, "talked"), 0);
  EXPECT_TRUE(affinity_changes(initial_affinity(), {}, {"", noon, noon - 1h, 0}).empty());
}

TEST(affinity_rules, survive_a_clock_that_went_back) {
  for (const auto& change : affinity_changes(middle, {}, {"so", noon, noon + 24h, 0}))
    EXPECT_EQ(change.reason, "talked");
}

TEST(affinity_levels, rise_from_stranger_to_confidant) {
  EXPECT_EQ(affinity_level(initial_affinity()), "stranger");
  EXPECT_EQ(affinity_level({{0.2, 0.2, 0.2, 0}}), "acquaintance");
  EXPECT_EQ(affinity_level({{0.4, 0.4, 0.4, 0}}), "friend");
  EXPECT_EQ(affinity_level({{0.6, 0.6, 0.6, 0}}), "close friend");
  EXPECT_EQ(affinity_level({{0.8, 0.8, 0.8, 0}}), "confidant");
  EXPECT_EQ(affinity_level({{0.9, 0.1, 0.1, 0}}), "friend");
}

TEST(affinity_axes, have_names) {
  for (const auto axis : all_affinity_axes)
    EXPECT_EQ(axis_of(axis_name(axis)), axis);
  EXPECT_FALSE(axis_of("anger"));
}

} // namespace
} // namespace reverie::actors::bond
