#include "projections/fold/lexical/lexical_document.hpp"

#include <gtest/gtest.h>

namespace reverie::projections {
namespace {

using namespace std::chrono;

events::timestamp on(year_month_day date) {
  return events::timestamp{sys_days{date}} + 13h;
}

TEST(lexical_document, writes_dates_as_people_ask_for_them) {
  EXPECT_EQ(written_date(on(2023y / May / 8)), "8 May 2023");
  EXPECT_EQ(written_date(on(1969y / December / 31)), "31 December 1969");
}

TEST(lexical_document, of_a_turn_holds_speaker_date_and_text) {
  EXPECT_EQ(turn_document("Anna", on(2023y / May / 8), "I saw a fox."), "Anna\n8 May 2023\nI saw a fox.");
}

TEST(lexical_document, of_a_fact_names_the_day_it_holds_from_when_that_is_another) {
  const auto said = on(2026y / November / 21);
  EXPECT_EQ(fact_document("Anna", said, on(2020y / January / 1), "User lives in Porto."),
            "Anna\n21 November 2026\n1 January 2020\nUser lives in Porto.");
  EXPECT_EQ(fact_document("Anna", said, said, "User lives in Porto."),
            "Anna\n21 November 2026\nUser lives in Porto.");
  EXPECT_EQ(fact_document("Anna", said, std::nullopt, "User lives in Porto."),
            "Anna\n21 November 2026\nUser lives in Porto.");
}

TEST(lexical_document, gives_sorted_postings_and_the_length_in_terms) {
  const auto found = postings_of("Anna\n8 May 2023\nThe dog met another dog. Dogs run!");
  EXPECT_EQ(found.length, 10U);
  const std::vector<posting> expected{{"2023", 1}, {"8", 1},   {"anna", 1}, {"anoth", 1},
                                      {"dog", 3},  {"may", 1}, {"met", 1},  {"run", 1}};
  EXPECT_EQ(found.postings.size(), 8U);
  EXPECT_EQ(found.postings, expected);
}

TEST(lexical_document, of_nothing_has_no_postings) {
  EXPECT_EQ(postings_of("").length, 0U);
  EXPECT_TRUE(postings_of("...").postings.empty());
}

} // namespace
} // namespace reverie::projections
