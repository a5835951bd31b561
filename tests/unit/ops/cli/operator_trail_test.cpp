#include "ops/cli/operator_trail.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

using namespace reverie;
using namespace reverie::ops;

TEST(operator_trail, names_the_user_who_runs_the_process_whatever_the_environment_says) {
  const auto before = operator_of_process();
  EXPECT_TRUE(before.starts_with("cli:"));
  EXPECT_GT(before.size(), 4u);
  ::setenv("USER", "somebody-else", 1);
  EXPECT_EQ(operator_of_process(), before);
}

TEST(operator_trail, lets_nothing_be_done_that_it_cannot_write_down) {
  const auto given = settings::resolve({}, [](const std::string&) { return std::nullopt; }, "");
  ASSERT_TRUE(given);
  bool worked = false;
  const auto done = on_record(*given, {.action = "projection.drop", .subject = "messages", .reason = {}}, [&]() -> events::outcome<int> {
    worked = true;
    return 1;
  });
  EXPECT_FALSE(done);
  EXPECT_FALSE(worked);
}
