#include "gateway/bridge/latency_window.hpp"
#include "gateway/wire/csv.hpp"
#include "gateway/wire/masking.hpp"

#include <gtest/gtest.h>

using namespace reverie::gateway;

TEST(masking, keeps_length_and_punctuation_and_no_letter_or_digit) {
  EXPECT_EQ(masked_text("Hi, Ada 7!"), "••, ••• •!");
  EXPECT_EQ(masked_text("žluť… 漢字。"), "••••… ••。");
  EXPECT_EQ(masked_text(""), "");
  EXPECT_EQ(masked_text("a@b.org"), "•@•.•••");
}

TEST(masking, gives_nothing_the_shape_or_the_text_by_mode) {
  EXPECT_TRUE(personal_text("x", privacy_mode::none).is_null());
  EXPECT_EQ(personal_text("x", privacy_mode::masked), "•");
  EXPECT_EQ(personal_text("x", privacy_mode::full), "x");
  EXPECT_EQ(personal_value(document{{"a", "bc"}, {"n", 3}}, privacy_mode::masked), (document{{"a", "••"}, {"n", 3}}));
  for (auto mode : {privacy_mode::none, privacy_mode::masked, privacy_mode::full}) EXPECT_EQ(parse_privacy(name_of(mode)), mode);
  EXPECT_FALSE(parse_privacy("all"));
}

TEST(masking, shows_of_a_state_ids_and_names_of_rules_and_nothing_else) {
  const auto id = "01920000-0000-7000-8000-000000000001";
  auto state = readable_state(document::parse(R"({"user_id":")" + std::string(id) + R"(","axes":[["trust",{"value":0.5}]],"facts":[[")" + id +
                                              R"(",{"attribute":"pet","text":"has a dog"}]],"name":"Ada"})"));
  EXPECT_EQ(state["axes"]["trust"]["value"], 0.5);
  auto seen = private_state(state, privacy_mode::masked);
  EXPECT_EQ(seen["user_id"], id);
  EXPECT_EQ(seen["facts"][id]["attribute"], "pet");
  EXPECT_EQ(seen["facts"][id]["text"], "••• • •••");
  EXPECT_EQ(seen["name"], "•••");
  EXPECT_TRUE(private_state(state, privacy_mode::none)["name"].is_null());
  EXPECT_EQ(private_state(state, privacy_mode::full), state);
}

TEST(csv, quotes_what_must_be_and_disarms_formulas) {
  EXPECT_EQ(csv_row({"a", "b,c", "d\"e", "f\r\ng"}), "a,\"b,c\",\"d\"\"e\",\"f\r\ng\"\r\n");
  EXPECT_EQ(csv_row({"=1", "+1", "-1", "@x", "1=1", ""}), "'=1,'+1,'-1,'@x,1=1,\r\n");
}

TEST(latency_window, finds_percentiles_of_what_came_between_two_readings) {
  latency_counter counter;
  for (int i = 0; i < 1000; ++i) counter.add(500);
  const auto before = counter.now();
  EXPECT_EQ(percentile_between(before, counter.now(), 0.99), 0);
  for (int i = 0; i < 98; ++i) counter.add(1);
  counter.add(100);
  counter.add(100);
  EXPECT_NEAR(percentile_between(before, counter.now(), 0.5), 1, 0.2);
  EXPECT_NEAR(percentile_between(before, counter.now(), 0.99), 100, 17);
  for (double ms : {0.0, 0.05, 0.06, 1.0, 1e12}) EXPECT_GE(latency_counter::bound_of(latency_counter::bucket_of(ms)) * (ms > 1e6 ? 1e12 : 1), ms);
}
