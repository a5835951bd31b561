#include "actors/domain/bond/time_expressions.hpp"

#include <gtest/gtest.h>

#include <string>

namespace reverie::actors::bond {
namespace {

// Saturday, 21 November 2026.
const events::timestamp said_at = *events::parse_rfc3339("2026-11-21T12:00:00Z");

std::string day_of_words(std::string_view text) {
  const auto said = statements_of(text, {});
  if (said.empty()) return "no statement";
  const auto found = time_at(said[0], 0, said_at, {});
  return found ? events::format_rfc3339(found->from).substr(0, 10) +
                     (found->relation == time_relation::since ? " since" : "")
               : "none";
}

TEST(time_expressions, are_days_around_the_day_of_speaking) {
  EXPECT_EQ(day_of_words("today"), "2026-11-21");
  EXPECT_EQ(day_of_words("yesterday"), "2026-11-20");
  EXPECT_EQ(day_of_words("tomorrow morning"), "2026-11-22");
  EXPECT_EQ(day_of_words("the day after tomorrow"), "2026-11-23");
}

TEST(time_expressions, take_a_day_of_the_week_for_the_next_to_come) {
  EXPECT_EQ(day_of_words("on Friday"), "2026-11-27");
  EXPECT_EQ(day_of_words("on Saturday"), "2026-11-28");
  EXPECT_EQ(day_of_words("on Sunday"), "2026-11-22");
  EXPECT_EQ(day_of_words("this Friday"), "2026-11-27");
  EXPECT_EQ(day_of_words("next Friday"), "2026-11-27");
  EXPECT_EQ(day_of_words("next Sunday"), "2026-11-29");
  EXPECT_EQ(day_of_words("last Friday"), "2026-11-20");
  EXPECT_EQ(day_of_words("last Saturday"), "2026-11-14");
  EXPECT_EQ(day_of_words("last Sunday"), "2026-11-15");
}

TEST(time_expressions, are_weeks_months_and_years) {
  EXPECT_EQ(day_of_words("next week"), "2026-11-23");
  EXPECT_EQ(day_of_words("last month"), "2026-10-01");
  EXPECT_EQ(day_of_words("last year"), "2025-01-01");
  EXPECT_EQ(day_of_words("this weekend"), "2026-11-21");
  EXPECT_EQ(day_of_words("next summer"), "2027-06-01");
  EXPECT_EQ(day_of_words("in 2019"), "2019-01-01");
  EXPECT_EQ(day_of_words("in June"), "2027-06-01");
  EXPECT_EQ(day_of_words("in March 2021"), "2021-03-01");
}

TEST(time_expressions, are_dates_in_either_order) {
  EXPECT_EQ(day_of_words("on 3 May"), "2027-05-03");
  EXPECT_EQ(day_of_words("on May 3rd, 2024"), "2024-05-03");
  EXPECT_EQ(day_of_words("the 3rd of May"), "2027-05-03");
  EXPECT_EQ(day_of_words("on 24 December"), "2026-12-24");
  EXPECT_EQ(day_of_words("2024-05-03"), "2024-05-03");
}

TEST(time_expressions, are_spans_from_now) {
  EXPECT_EQ(day_of_words("in two weeks"), "2026-12-05");
  EXPECT_EQ(day_of_words("three days ago"), "2026-11-18");
  EXPECT_EQ(day_of_words("a year ago"), "2025-11-21");
  EXPECT_EQ(day_of_words("for ten years"), "2016-11-21 since");
  EXPECT_EQ(day_of_words("since 2020"), "2020-01-01 since");
  EXPECT_EQ(day_of_words("since May 2020"), "2020-05-01 since");
}

TEST(time_expressions, are_not_seen_where_there_are_none) {
  EXPECT_EQ(day_of_words("in Berlin"), "none");
  EXPECT_EQ(day_of_words("on 31 February"), "none");
  EXPECT_EQ(day_of_words("2024-13-45"), "none");
  EXPECT_EQ(day_of_words("for you"), "none");
  EXPECT_EQ(day_of_words("march on"), "none");
  EXPECT_EQ(day_of_words("in 12345"), "none");
  EXPECT_EQ(day_of_words("99999999999999999999 days ago"), "none");
}

TEST(time_expressions, keep_to_the_last_day_of_a_shorter_month) {
  const auto said = statements_of("in one month", {});
  const auto found = time_at(said[0], 0, *events::parse_rfc3339("2026-01-31T12:00:00Z"), {});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->from, *events::parse_rfc3339("2026-02-28T00:00:00Z"));
}

TEST(numbers, are_read_in_digits_and_words) {
  EXPECT_EQ(number_of("42"), 42);
  EXPECT_EQ(number_of("nineteen"), 19);
  EXPECT_EQ(number_of("thirty"), 30);
  EXPECT_EQ(number_of("forty-two"), 42);
  EXPECT_FALSE(number_of("forty-"));
  EXPECT_FALSE(number_of("many"));
  EXPECT_FALSE(number_of(""));
  EXPECT_FALSE(number_of("-3"));
}

} // namespace
} // namespace reverie::actors::bond
