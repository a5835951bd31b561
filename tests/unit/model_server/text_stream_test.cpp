#include "ops/model_server/text_stream.hpp"

#include <gtest/gtest.h>

namespace reverie::model_server {
namespace {

std::string all_of(text_stream& stream, std::string_view bytes, std::size_t step) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += step) text += stream.push(bytes.substr(i, step));
  return text + stream.finish();
}

TEST(text_stream, sends_a_character_only_when_it_is_whole) {
  text_stream stream({});
  EXPECT_EQ(stream.push("caf\xC3"), "caf");
  EXPECT_EQ(stream.push("\xA9!"), "é!");
  EXPECT_EQ(stream.push("\xF0\x9F\x98"), "");
  EXPECT_EQ(stream.push("\x80"), "😀");
  EXPECT_EQ(stream.finish(), "");
}

TEST(text_stream, gives_the_same_text_however_the_bytes_are_cut) {
  const std::string text = "Grüße, 世界 😀 — done";
  for (std::size_t step = 1; step <= 7; ++step) {
    text_stream stream({"STOP", "世界人"});
    EXPECT_EQ(all_of(stream, text, step), text) << "in steps of " << step;
  }
}

TEST(text_stream, replaces_bytes_that_are_not_utf8) {
  text_stream stream({});
  EXPECT_EQ(all_of(stream, "a\xFF" "b\xED\xA0\x80" "c\xC0\xAF", 2), "a\uFFFDb\uFFFD\uFFFD\uFFFDc\uFFFD\uFFFD");
}

TEST(text_stream, replaces_a_character_that_never_ended) {
  text_stream stream({});
  EXPECT_EQ(stream.push("ok\xE4\xB8"), "ok");
  EXPECT_EQ(stream.finish(), "\uFFFD\uFFFD");
}

TEST(text_stream, ends_before_a_stop_text_even_when_it_comes_in_pieces) {
  text_stream stream({"\nUser:"});
  EXPECT_EQ(stream.push("Hello\nUs"), "Hello");
  EXPECT_FALSE(stream.stopped());
  EXPECT_EQ(stream.push("er: more"), "");
  EXPECT_TRUE(stream.stopped());
  EXPECT_EQ(stream.push("never"), "");
  EXPECT_EQ(stream.finish(), "");
}

TEST(text_stream, gives_back_what_only_began_like_a_stop_text) {
  text_stream stream({"\nUser:"});
  EXPECT_EQ(stream.push("Hello\nUs"), "Hello");
  EXPECT_EQ(stream.push(" two"), "\nUs two");
}

TEST(text_stream, ends_at_the_first_of_several_stop_texts) {
  text_stream stream({"zzz", "b", "abc"});
  EXPECT_EQ(stream.push("xxabc"), "xx");
  EXPECT_TRUE(stream.stopped());
}

} // namespace
} // namespace reverie::model_server
