#include "actors/effects/prompt/first_sentences.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using actors::prompt::first_sentences;
using actors::prompt::sentence_limiter;

TEST(first_sentences, ends_after_the_second_sentence) {
  EXPECT_EQ(first_sentences("One. Two! Three?", 2), "One. Two!");
  EXPECT_EQ(first_sentences("One. Two", 2), "One. Two");
  EXPECT_EQ(first_sentences("", 2), "");
  EXPECT_EQ(first_sentences("No end  ", 2), "No end");
}

TEST(first_sentences, does_not_end_inside_numbers_titles_initials_and_dots) {
  EXPECT_EQ(first_sentences("It is 3.14 to Mr. J. Doe. Yes. No.", 2), "It is 3.14 to Mr. J. Doe. Yes.");
  EXPECT_EQ(first_sentences("Well... Hm. No.", 2), "Well... Hm.");
  EXPECT_EQ(first_sentences("So do I. Yes. No.", 2), "So do I. Yes.");
}

TEST(first_sentences, keeps_closing_quotes_and_knows_wide_marks) {
  EXPECT_EQ(first_sentences("\"Aye.\" He left. Gone.", 2), "\"Aye.\" He left.");
  EXPECT_EQ(first_sentences("\u306F\u3044\u3002\u3044\u3044\u3048\u3002\u4E09\u3002", 2), "\u306F\u3044\u3002\u3044\u3044\u3048\u3002");
}

TEST(sentence_limiter, gives_the_same_as_the_whole_text_however_it_is_cut_into_pieces) {
  for (const std::string text : {"One. Two! Three?", "\"Aye.\" He left. Gone.", "Mr. A went. It is 3.14 now! x", "no end", "\u306F\u3044\u3002\u3044\u3044\u3048\u3002\u4E09"})
    for (std::size_t size = 1; size <= text.size(); ++size) {
      sentence_limiter limiter(2);
      std::string joined;
      for (std::size_t at = 0; at < text.size(); at += size) joined += limiter.take(std::string_view(text).substr(at, size));
      EXPECT_EQ(joined, first_sentences(text, 2)) << text << " by " << size;
      EXPECT_EQ(limiter.text(), joined);
    }
}

TEST(sentence_limiter, says_when_the_rest_is_not_needed) {
  sentence_limiter limiter(2);
  EXPECT_EQ(limiter.take("One. Two."), "One. Two.");
  EXPECT_FALSE(limiter.full());
  EXPECT_EQ(limiter.take(" Three."), "");
  EXPECT_TRUE(limiter.full());
  EXPECT_EQ(limiter.take(" Four."), "");
}

TEST(sentence_limiter, lets_all_pass_without_a_limit) {
  sentence_limiter limiter(0);
  EXPECT_EQ(limiter.take("One. Two. Three. "), "One. Two. Three. ");
  EXPECT_FALSE(limiter.full());
}

} // namespace
} // namespace reverie::tests
