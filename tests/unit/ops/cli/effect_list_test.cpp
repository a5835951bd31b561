#include "ops/cli/effect_list.hpp"

#include <gtest/gtest.h>

using namespace reverie::ops;
using nlohmann::ordered_json;

namespace {

ordered_json item() {
  return {{"id", "0199"}, {"entity", "session/1"}, {"kind", "generate_reply"}, {"partition", 2}, {"since", "2026-01-31T12:00:00Z"}, {"age_s", 199.0}, {"attempts", 3},
          {"state", "failed"}, {"problem", "429 of the model"}};
}

} // namespace

TEST(effect_choice, fits_when_all_that_is_given_does) {
  EXPECT_TRUE(effect_choice{}.fits(item()));
  EXPECT_TRUE((effect_choice{.state = "failed", .id = "0199", .entity = "session/1", .kind = "generate_reply", .partition = 2}.fits(item())));
  EXPECT_FALSE((effect_choice{.state = "pending", .id = {}, .entity = {}, .kind = {}, .partition = {}}.fits(item())));
  EXPECT_FALSE((effect_choice{.state = "", .id = {}, .entity = "session/2", .kind = {}, .partition = {}}.fits(item())));
  EXPECT_FALSE((effect_choice{.state = "", .id = {}, .entity = {}, .kind = {}, .partition = 1}.fits(item())));
}

TEST(effect_line, names_what_an_operator_wants_to_know) {
  EXPECT_EQ(line_of_effect(item()), "0199  failed   generate_reply  session/1  partition 2  3 min 19 s old, tried 3 times: 429 of the model");
  auto waits = item();
  waits["state"] = "pending";
  waits["problem"] = nullptr;
  EXPECT_EQ(line_of_effect(waits), "0199  pending  generate_reply  session/1  partition 2  3 min 19 s old, tried 3 times");
}
