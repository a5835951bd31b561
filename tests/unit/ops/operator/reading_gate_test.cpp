#include "ops/operator/reading_gate.hpp"

#include <gtest/gtest.h>

using namespace reverie;
using namespace std::chrono_literals;
using events::failure_code;
using ops::reading_gate;

TEST(reading_gate, ends_a_call_whose_time_is_over_and_says_how_far_it_came) {
  reading_gate gate({.long_records = 100, .long_calls = 1});
  const auto patient = gate.enter(1h), hasty = gate.enter(0ms);
  EXPECT_TRUE(patient->took(10));
  const auto over = hasty->took(10);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, failure_code::timed_out);
  EXPECT_NE(over.error().message.find("10 records"), std::string::npos);
  EXPECT_GT(hasty->left(), 0ms) << "a page is waited for all the same";
}

TEST(reading_gate, lets_only_so_many_long_calls_run_at_once_and_short_ones_always) {
  reading_gate gate({.long_records = 100, .long_calls = 1});
  auto first = gate.enter(1h);
  EXPECT_TRUE(first->took(100));
  EXPECT_TRUE(first->took(100));
  const auto second = gate.enter(1h);
  EXPECT_TRUE(second->took(99));
  const auto over = second->took(1);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, failure_code::overloaded);
  first.reset();
  EXPECT_TRUE(second->took(1)) << "a place is free again";
}
