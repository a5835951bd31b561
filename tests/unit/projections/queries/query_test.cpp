#include "events/model/limits.hpp"
#include "projections/queries/retrieval/query.hpp"

#include <gtest/gtest.h>

namespace reverie::projections {
namespace {

const std::vector<participant> anna_and_luna{{"Anna Berg", true}, {"Luna", false}};

TEST(query, holds_each_term_once_in_the_order_written) {
  const auto asked = query_of("What is the dog called? Which dogs?", anna_and_luna);
  EXPECT_EQ(asked.terms, (std::vector<std::string>{"dog", "call"}));
}

TEST(query, is_about_the_participant_it_names) {
  EXPECT_EQ(query_of("Where does Luna live?", anna_and_luna).asked_about, 1);
  EXPECT_EQ(query_of("Where does ANNA live?", anna_and_luna).asked_about, 0);
}

TEST(query, is_about_the_user_when_it_speaks_in_the_first_person) {
  EXPECT_EQ(query_of("What's my name?", anna_and_luna).asked_about, 0);
  EXPECT_EQ(query_of("where am I going", anna_and_luna).asked_about, 0);
  EXPECT_EQ(query_of("what did Anna and I do", anna_and_luna).asked_about, 0);
}

TEST(query, is_about_nobody_when_it_names_several_or_none) {
  EXPECT_FALSE(query_of("Did Luna meet Anna?", anna_and_luna).asked_about);
  EXPECT_FALSE(query_of("What did I tell Luna?", anna_and_luna).asked_about);
  EXPECT_FALSE(query_of("Where is the lake?", anna_and_luna).asked_about);
}

TEST(query, does_not_take_a_shared_or_empty_word_for_a_name) {
  const std::vector<participant> family{{"Will Berg", true}, {"The Berg", false}};
  EXPECT_FALSE(query_of("Will the Berg rise?", family).asked_about);
}

TEST(query, keeps_the_first_terms_of_an_endless_question) {
  std::string text;
  for (int i = 0; i < 1000; ++i)
    text += " word" + std::to_string(i);
  const auto asked = query_of(text, {});
  ASSERT_EQ(asked.terms.size(), events::limits::query_terms);
  EXPECT_EQ(asked.terms.front(), "word0");
}

} // namespace
} // namespace reverie::projections
