#include "gateway/wire/json_input.hpp"
#include "gateway/wire/text_checks.hpp"
#include "gateway/wire/url_text.hpp"

#include <gtest/gtest.h>

#include <random>

namespace reverie::gateway {
namespace {

TEST(text_checks, take_strict_utf8_alone) {
  for (const char* good : {"", "plain", "caf\xc3\xa9", "\xe6\x97\xa5", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf"}) EXPECT_TRUE(is_utf8(good));
  for (const char* bad : {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80", "\xf5", "\xe6\x97", "a\xc3"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

TEST(text_checks, refuse_zero_and_too_long_text) {
  EXPECT_FALSE(check_text(std::string_view("a\0b", 3), 10, "x"));
  EXPECT_FALSE(check_text("abc", 2, "x"));
  EXPECT_EQ(check_text("abc", 2, "name").error().param, "name");
  EXPECT_TRUE(check_text("abc", 3, "x"));
}

TEST(text_checks, see_that_there_is_nothing_to_see) {
  for (const char* blank : {"", " ", " \t\r\n", "\u00A0", "\u3000\u2003 ", "\u200B\uFEFF"}) EXPECT_TRUE(is_blank(blank)) << blank;
  for (const char* seen : {"a", " a ", "\u3000\u4E00", ".", "\U0001F9E1"}) EXPECT_FALSE(is_blank(seen)) << seen;
}

TEST(text_checks, know_an_email_when_they_see_one) {
  for (const char* good : {"a@b.co", "first.last+tag@sub.example.org", "j\xc3\xb6rg@example.org"}) EXPECT_TRUE(is_email(good)) << good;
  for (const char* bad : {"", "a", "@b.co", "a@", "a@b", "a@b@c.d", "a b@c.d", "a@.co", "a@co.", "a@b..c", "<a@b.co>", "a@b.co\n"}) EXPECT_FALSE(is_email(bad)) << bad;
  EXPECT_FALSE(is_email("a@" + std::string(300, 'b') + ".co"));
}

TEST(text_checks, know_a_request_id) {
  EXPECT_TRUE(is_request_id("Trace-1_2.3"));
  EXPECT_TRUE(is_request_id(std::string(64, 'a')));
  EXPECT_FALSE(is_request_id(std::string(65, 'a')));
  EXPECT_FALSE(is_request_id(""));
  EXPECT_FALSE(is_request_id("a b"));
}

TEST(text_checks, never_cut_a_character) {
  EXPECT_EQ(cut_at_character("a\xc3\xa9", 2), "a");
  EXPECT_EQ(cut_at_character("a\xc3\xa9", 3), "a\xc3\xa9");
}

TEST(forms, are_decoded_and_checked) {
  auto form = parse_form("grant_type=password&username=a%40b.co&password=x+y%2B&empty=&flag");
  ASSERT_TRUE(form);
  EXPECT_EQ(value_of(*form, "username"), "a@b.co");
  EXPECT_EQ(value_of(*form, "password"), "x y+");
  EXPECT_EQ(value_of(*form, "flag"), "");
  EXPECT_EQ(value_of(*form, "none"), std::nullopt);
  for (const char* bad : {"a=%", "a=%4", "a=%zz", "a=%ff", "a=%00"}) EXPECT_FALSE(parse_form(bad)) << bad;
}

TEST(forms, survive_any_bytes) {
  auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    std::string text(random() % 40, '\0');
    for (auto& c : text) c = "%&=+a4\xff\0"[random() % 8];
    if (auto form = parse_form(text)) {
      for (const auto& [name, value] : *form) EXPECT_TRUE(is_utf8(name) && is_utf8(value));
    }
  }
}

TEST(json_input, bounds_depth_without_recursion) {
  EXPECT_TRUE(parse_json(std::string(64, '[') + std::string(64, ']')));
  EXPECT_FALSE(parse_json(std::string(65, '[') + std::string(65, ']')));
  EXPECT_TRUE(parse_json(R"({"a":"[[[[\"{{{{"})"));
  EXPECT_FALSE(nests_within(std::string(1'000'000, '{'), 64));
}

TEST(json_input, names_the_field) {
  auto object = *parse_object(R"({"a":1,"b":"","c":"x","d":"not-an-id"})");
  EXPECT_EQ(required_text(object, "a", 10).error().param, "a");
  EXPECT_EQ(required_text(object, "b", 10).error().param, "b");
  EXPECT_EQ(required_text(object, "z", 10).error().param, "z");
  EXPECT_EQ(required_text(object, "c", 10), "x");
  EXPECT_EQ(required_uuid(object, "d").error().param, "d");
  EXPECT_EQ(parse_object("[]").error().param, "body");
}

} // namespace
} // namespace reverie::gateway
