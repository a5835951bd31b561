#include "projections/fold/event_patch.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using namespace projections;

patch_json patched(const char* data, const char* operations) {
  const auto rule = parse_patch(patch_json::parse(operations));
  EXPECT_TRUE(rule) << rule.error().message;
  auto made = apply_patch(patch_json::parse(data), *rule);
  return made ? *made : patch_json(made.error().message);
}

std::string refused(const patch_json& operations) {
  const auto rule = parse_patch(operations);
  return rule ? "" : rule.error().message;
}

TEST(event_patch, sets_renames_and_removes_fields_in_order) {
  EXPECT_EQ(patched(R"({"a":1,"b":{"c":2}})", R"([{"op":"set","path":"/b/d","value":[3]},{"op":"rename","path":"/a","to":"/b/e"},{"op":"remove","path":"/b/c"}])"),
            patch_json::parse(R"({"b":{"d":[3],"e":1}})"));
  EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"set","path":"/a","value":null}])"), patch_json::parse(R"({"a":null})"));
  EXPECT_EQ(patched(R"({"x/y":1})", R"([{"op":"rename","path":"/x~1y","to":"/~0"}])"), patch_json::parse(R"({"~":1})"));
}

TEST(event_patch, takes_away_and_renames_what_is_not_there_without_a_word) {
  EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"remove","path":"/b"}])"), patch_json::parse(R"({"a":1})"));
  EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"rename","path":"/b","to":"/c"}])"), patch_json::parse(R"({"a":1})"));
  EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"set","path":"/a/b","value":1}])"), "operation 1: there is nothing to put /a/b into");
}

TEST(event_patch, refuses_what_is_no_rule_and_says_which_part) {
  EXPECT_NE(refused(patch_json::array()), "");
  EXPECT_NE(refused(patch_json::parse(R"({"op":"set"})")), "");
  EXPECT_TRUE(refused(patch_json::parse(R"([{"op":"remove","path":"/a"},{"op":"copy","path":"/a"}])")).starts_with("operation 2: op is"));
  for (const char* path : {"", "/", "a", "/a~", "/a~2"}) EXPECT_NE(refused(patch_json::array({{{"op", "remove"}, {"path", path}}})), "") << path;
  EXPECT_NE(refused(patch_json::array({{{"op", "remove"}, {"path", "/" + std::string(patch_path_bytes_max, 'a')}}})), "");
  EXPECT_NE(refused(patch_json::array({{{"op", "set"}, {"path", "/a"}}})), "");
  EXPECT_NE(refused(patch_json::array({{{"op", "set"}, {"path", "/a"}, {"value", std::string(patch_value_bytes_max, 'a')}}})), "");
  EXPECT_NE(refused(patch_json::array({{{"op", "rename"}, {"path", "/a"}}})), "");
  auto many = patch_json::array();
  for (std::size_t i = 0; i <= patch_operations_max; ++i) many.push_back({{"op", "remove"}, {"path", "/a"}});
  EXPECT_NE(refused(many), "");
}

TEST(event_patch, reads_what_it_writes) {
  const auto given = patch_json::parse(R"([{"op":"set","path":"/a","value":{"b":1}},{"op":"rename","path":"/a","to":"/c"},{"op":"remove","path":"/c"}])");
  EXPECT_EQ(patch_document(*parse_patch(given)), given);
  EXPECT_EQ(field_of("/a~1b/c"), "a/b");
}

} // namespace
} // namespace reverie::tests
