#include "projections/runner/live_throttle.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using namespace projections;
using namespace std::chrono_literals;

live_latency window(double p99, std::uint64_t commands = 100) { return {p99, commands}; }

TEST(live_throttle, works_all_the_time_while_commands_are_within_the_limit) {
  live_throttle throttle(100);
  for (int i = 0; i < 10; ++i) throttle.hear(window(99));
  EXPECT_FALSE(throttle.is_throttled());
  EXPECT_EQ(throttle.rest_after(1s), 0s);
  EXPECT_EQ(throttle.batch_of(20'000), 20'000U);
}

TEST(live_throttle, gives_way_when_commands_are_over_the_limit_and_takes_back_when_they_are_well_below) {
  live_throttle throttle(100);
  throttle.hear(window(200));
  EXPECT_DOUBLE_EQ(throttle.share(), 0.5);
  EXPECT_EQ(throttle.rest_after(100ms), 100ms);
  EXPECT_EQ(throttle.batch_of(20'000), 10'000U);
  throttle.hear(window(90)); // neither over it nor well below
  EXPECT_DOUBLE_EQ(throttle.share(), 0.5);
  double before = throttle.share();
  for (int i = 0; i < 20 && throttle.is_throttled(); ++i) {
    throttle.hear(window(20));
    EXPECT_GT(throttle.share(), before);
    before = throttle.share();
  }
  EXPECT_FALSE(throttle.is_throttled());
}

TEST(live_throttle, is_not_brought_to_a_stand_by_one_window_nor_by_many) {
  live_throttle throttle(10);
  throttle.hear(window(10'000));
  EXPECT_DOUBLE_EQ(throttle.share(), 0.3);
  for (int i = 0; i < 50; ++i) throttle.hear(window(10'000));
  EXPECT_DOUBLE_EQ(throttle.share(), live_throttle::least_share);
  EXPECT_EQ(throttle.rest_after(10s), live_throttle::longest_rest);
  EXPECT_GE(throttle.batch_of(20'000), live_throttle::smallest_batch);
}

TEST(live_throttle, slows_nobody_down_when_nobody_is_served) {
  live_throttle throttle(100);
  throttle.hear(window(1'000));
  ASSERT_TRUE(throttle.is_throttled());
  for (int i = 0; i < 30; ++i) throttle.hear(i % 2 == 0 ? std::nullopt : std::optional(window(0, 0)));
  EXPECT_FALSE(throttle.is_throttled());
}

TEST(live_throttle, makes_nothing_of_a_percentile_of_a_few_commands) {
  live_throttle throttle(100);
  throttle.hear(window(5'000, live_throttle::few_commands - 1));
  EXPECT_FALSE(throttle.is_throttled());
}

TEST(live_throttle, does_not_look_without_a_limit_and_is_free_when_the_limit_is_taken_away) {
  live_throttle never(0);
  never.hear(window(9'000));
  EXPECT_FALSE(never.is_throttled());
  live_throttle freed(100);
  freed.hear(window(9'000));
  freed.limit_to(0);
  EXPECT_FALSE(freed.is_throttled());
}

/// A server whose commands take the longer the more the rebuild works: the loop settles near the limit.
TEST(live_throttle, settles_where_commands_are_about_within_the_limit) {
  live_throttle throttle(50);
  double worst_late = 0;
  for (int i = 0; i < 200; ++i) {
    const double p99 = 10 + 190 * throttle.share();
    throttle.hear(window(p99));
    if (i > 100) worst_late = std::max(worst_late, p99);
  }
  EXPECT_LE(worst_late, 70);
  EXPECT_GT(throttle.share(), 0.1);
}

} // namespace
} // namespace reverie::tests
