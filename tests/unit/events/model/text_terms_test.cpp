#include "events/model/text_terms.hpp"

#include <gtest/gtest.h>

#include <random>
#include <thread>

namespace reverie::events {
namespace {

using words = std::vector<std::string>;

TEST(text_terms, are_runs_of_letters_and_digits_in_lower_case) {
  EXPECT_EQ(words_of("Hello, World! Route 66 / B2B"), (words{"hello", "world", "route", "66", "b2b"}));
}

TEST(text_terms, split_contractions_at_either_apostrophe) {
  EXPECT_EQ(words_of("don't"), (words{"don", "t"}));
  EXPECT_EQ(words_of("don\u2019t"), (words{"don", "t"}));
}

TEST(text_terms, are_stemmed_and_free_of_stop_words) {
  EXPECT_EQ(terms_of("I was running to the dogs' houses"), (words{"run", "dog", "hous"}));
  EXPECT_TRUE(terms_of("who are you and what is this").empty());
}

TEST(text_terms, take_accents_off_latin_letters) {
  EXPECT_EQ(words_of("José naïve CAFÉ Łódź Straße"), (words{"jose", "naive", "cafe", "łodz", "strasse"}));
  EXPECT_EQ(words_of("cafe\u0301"), words_of("café"));
}

TEST(text_terms, fold_wide_and_compatibility_forms) {
  EXPECT_EQ(words_of("ＨＥＬＬＯ ﬁne"), (words{"hello", "fine"}));
}

TEST(text_terms, keep_words_of_other_scripts_whole) {
  EXPECT_EQ(words_of("Привет, МИР! नमस्ते דירה"), (words{"привет", "мир", "नमस्ते", "דירה"}));
}

TEST(text_terms, give_bigrams_for_scripts_without_spaces) {
  EXPECT_EQ(words_of("猫の名前"), (words{"猫の", "の名", "名前"}));
  EXPECT_EQ(words_of("서울"), (words{"서울"}));
  EXPECT_EQ(words_of("我爱 tea"), (words{"我爱", "tea"}));
  EXPECT_EQ(words_of("タワー"), (words{"タワ", "ワー"}));
  EXPECT_EQ(words_of("猫"), (words{"猫"}));
  EXPECT_EQ(words_of("ดีมาก").size(), 3U); // ดี, ม, า, ก: a vowel mark belongs to its letter
}

TEST(text_terms, cut_endless_words_at_a_character) {
  std::string endless;
  for (int i = 0; i < 1000; ++i)
    endless += "ж";
  const auto found = words_of("a" + endless);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_LE(found[0].size(), longest_term_bytes);
  EXPECT_EQ(found[0].size() % 2, 1U);
  EXPECT_EQ(words_of(std::string(100'000, 'x'))[0].size(), longest_term_bytes);
}

TEST(text_terms, separate_words_at_what_is_not_utf8) {
  EXPECT_EQ(words_of("abc\xff"
                     "def\xc3"),
            (words{"abc", "def"}));
}

TEST(text_terms, survive_any_bytes) {
  const unsigned seed = 20'261'121;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(random() % 60, '\0');
    for (char& byte : bytes)
      byte = static_cast<char>(static_cast<unsigned char>(random() & 0xFFU));
    for (const auto& term : terms_of(bytes))
      EXPECT_LE(term.size(), longest_term_bytes);
  }
}

TEST(text_terms, come_out_alike_on_every_thread) {
  const std::string text = "Remembering the relational conversations of yesterday";
  const words expected = terms_of(text);
  words other;
  std::thread([&] { other = terms_of(text); }).join();
  EXPECT_EQ(other, expected);
}

TEST(text_terms, know_the_stop_words) {
  EXPECT_TRUE(is_stop_word("yourselves"));
  EXPECT_TRUE(is_stop_word("a"));
  EXPECT_FALSE(is_stop_word("dog"));
  EXPECT_FALSE(is_stop_word(""));
}

TEST(text_terms, count_the_bytes_of_a_character) {
  EXPECT_EQ(character_bytes(""), 0U);
  EXPECT_EQ(character_bytes("a"), 1U);
  EXPECT_EQ(character_bytes("é!"), 2U);
  EXPECT_EQ(character_bytes("猫"), 3U);
  EXPECT_EQ(character_bytes("😀"), 4U);
  EXPECT_EQ(character_bytes("\xe7\x8c"), 1U);
}

} // namespace
} // namespace reverie::events
