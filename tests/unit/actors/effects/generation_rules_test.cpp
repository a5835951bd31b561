#include "actors/effects/generation_rules.hpp"

#include <gtest/gtest.h>

namespace reverie::actors {
namespace {

using events::failure_code;

events::failure failure_with(failure_code code) { return {code, "from inside", std::nullopt}; }

TEST(generation_rules, say_what_went_wrong_without_a_word_from_inside) {
  const std::pair<failure_code, const char*> known[] = {{failure_code::unavailable, "model_unavailable"},
                                                        {failure_code::overloaded, "model_unavailable"},
                                                        {failure_code::timed_out, "model_timed_out"},
                                                        {failure_code::malformed, "model_answer_unusable"},
                                                        {failure_code::locked, "model_refused"},
                                                        {failure_code::corrupted, "internal_error"}};
  for (const auto& [code, name] : known) {
    auto told = failed_reply({}, 1, failure_with(code));
    EXPECT_EQ(told.code, name);
    EXPECT_EQ(told.message.find("inside"), std::string::npos);
  }
}

TEST(generation_rules, try_again_what_may_go_better_and_only_before_anything_was_said) {
  for (auto code : {failure_code::unavailable, failure_code::timed_out, failure_code::malformed}) {
    EXPECT_TRUE(worth_another_try(failure_with(code), 0, false));
    EXPECT_FALSE(worth_another_try(failure_with(code), 0, true));
    EXPECT_FALSE(worth_another_try(failure_with(code), generation_retries_max, false));
  }
  EXPECT_FALSE(worth_another_try(failure_with(failure_code::locked), 0, false));
}

} // namespace
} // namespace reverie::actors
