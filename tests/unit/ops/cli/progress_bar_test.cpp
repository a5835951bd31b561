#include "ops/cli/progress_bar.hpp"

#include <gtest/gtest.h>

using reverie::ops::progress_line;

TEST(progress_line, shows_share_rate_and_time_left) {
  EXPECT_EQ(progress_line("replay", "records", 1200, 2400, 2, 8), "replay  [####----]  50 %  1200/2400 records  600 records/s  2 s left");
}

TEST(progress_line, shows_minutes_and_hours_of_long_work) {
  EXPECT_NE(progress_line("r", "x", 1, 200, 1, 0).find("3 min 19 s left"), std::string::npos);
  EXPECT_NE(progress_line("r", "x", 1, 8001, 1, 0).find("2 h 13 min left"), std::string::npos);
}

TEST(progress_line, says_how_long_it_took_at_the_end) {
  EXPECT_NE(progress_line("r", "x", 10, 10, 4, 0).find("100 %  10/10 x  2 x/s  4 s in all"), std::string::npos);
}

TEST(progress_line, takes_the_rate_of_what_was_done_since_it_was_begun) {
  EXPECT_NE(progress_line("r", "x", 1100, 2000, 10, 0, 1000).find("55 %  1100/2000 x  10 x/s  1 min 30 s left"), std::string::npos);
}

TEST(progress_line, does_without_a_total_and_without_time) {
  EXPECT_EQ(progress_line("r", "x", 5, 0, 0, 8), "r  5 x  0 x/s");
  EXPECT_NE(progress_line("r", "x", 0, 5, 0, 0).find("waiting"), std::string::npos);
}
