#include "events/codec/json_text.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace reverie::events {

namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string number(double value) {
  std::string out;
  append_json_number(out, value);
  return out;
}

} // namespace

TEST(json_text, escapes_quotes_backslashes_and_control_characters_only) {
  EXPECT_EQ(quoted("a\"b\\c/\n\r\t\b\f"), R"("a\"b\\c/\n\r\t\b\f")");
  EXPECT_EQ(quoted(std::string_view("\0\x1f\x7f", 3)), "\"\\u0000\\u001f\x7f\"");
  EXPECT_EQ(quoted("é日😀\u2028"), "\"é日😀\u2028\"");
}

TEST(json_text, puts_a_replacement_character_for_what_is_not_utf8) {
  EXPECT_EQ(quoted("a\xff\x62"), "\"a\uFFFDb\"");
  EXPECT_EQ(quoted("\xc3"), "\"\uFFFD\"");
  EXPECT_EQ(quoted("\xed\xa0\x80x"), "\"\uFFFD\uFFFD\uFFFDx\"");
}

TEST(json_text, writes_doubles_in_their_shortest_form) {
  EXPECT_EQ(number(0.1), "0.1");
  EXPECT_EQ(number(1), "1");
  EXPECT_EQ(number(-0.0), "-0.0");
  EXPECT_EQ(number(1e300), "1e+300");
  EXPECT_EQ(number(1180591620717411303424.0), "1180591620717411303424.0");
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "null");
}

TEST(json_text, reads_hex_of_the_right_length_only) {
  std::array<std::uint8_t, 2> bytes{};
  EXPECT_TRUE(read_hex("0aff", bytes));
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 2>{0x0a, 0xff}));
  EXPECT_FALSE(read_hex("0af", bytes));
  EXPECT_FALSE(read_hex("0AFF", bytes));
  EXPECT_FALSE(read_hex("0afff", bytes));
}

TEST(json_text, takes_the_short_way_only_for_strings_without_escapes) {
  EXPECT_EQ(plain_json_string("\"hello é\""), "hello é");
  EXPECT_EQ(plain_json_string("\"a\\nb\""), std::nullopt);
  EXPECT_EQ(plain_json_string("\"a\"b\""), std::nullopt);
  EXPECT_EQ(plain_json_string("\""), std::nullopt);
  EXPECT_EQ(plain_json_string("7"), std::nullopt);
  EXPECT_EQ(plain_json_string("\"\xff\""), std::nullopt);
}

} // namespace reverie::events
