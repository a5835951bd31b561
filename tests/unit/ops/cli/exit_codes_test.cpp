#include "ops/cli/exit_codes.hpp"

#include <gtest/gtest.h>

using namespace reverie::ops;
using reverie::events::failure_code;

TEST(exit_codes, call_what_the_state_does_not_have_refused_in_every_command) {
  EXPECT_EQ(exit_code_of({failure_code::not_found, "there is no such version", std::nullopt}), exit_code::refused);
  EXPECT_EQ(exit_code_of({failure_code::locked, "a rebuild runs", std::nullopt}), exit_code::refused);
  EXPECT_EQ(exit_code_of({failure_code::malformed, "no entity", std::nullopt}), exit_code::wrong_usage);
  EXPECT_EQ(exit_code_of({failure_code::unavailable, "no database", std::nullopt}), exit_code::service_missing);
  EXPECT_EQ(exit_code_of({failure_code::cancelled, "stopped", std::nullopt}), exit_code::failed);
}
