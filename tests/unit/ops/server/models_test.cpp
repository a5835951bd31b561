#include "ops/server/models.hpp"

#include <gtest/gtest.h>

using namespace reverie;

namespace {

ops::models chosen_with(const std::map<std::string, std::string>& flags) {
  const auto given = ops::settings::resolve(flags, [](const std::string&) -> std::optional<std::string> { return std::nullopt; }, "");
  auto chosen = ops::choose_models(given.value());
  return std::move(chosen.value());
}

const std::string url = "http://127.0.0.1:9/v1";

} // namespace

TEST(models, have_facts_found_by_the_model_that_is_named_for_it) {
  EXPECT_EQ(chosen_with({{"model-url", url}, {"model-name", "big"}, {"facts-model", "finder"}}).facts->name(), "model:finder#1");
}

TEST(models, leave_facts_to_the_rules_when_none_is_named_or_no_model_is_asked) {
  EXPECT_FALSE(chosen_with({}).facts);
  EXPECT_FALSE(chosen_with({{"model-url", url}, {"model-name", "big"}}).facts);
  EXPECT_FALSE(chosen_with({{"model-url", url}, {"facts-model", "finder"}, {"model", "false"}}).facts);
}
