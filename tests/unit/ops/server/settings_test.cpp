#include "ops/server/settings.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

using namespace reverie;
using ops::settings;

namespace {

auto no_variables = [](const std::string&) -> std::optional<std::string> { return std::nullopt; };

auto variable(std::string name, std::string value) {
  return [=](const std::string& asked) -> std::optional<std::string> {
    if (asked == name) return value;
    return std::nullopt;
  };
}

} // namespace

TEST(settings, have_their_defaults_when_nobody_says_otherwise) {
  auto resolved = settings::resolve({}, no_variables, "");
  ASSERT_TRUE(resolved) << resolved.error().message;
  EXPECT_EQ(resolved->number("port"), 8080);
  EXPECT_EQ(resolved->text("address"), "127.0.0.1");
  EXPECT_TRUE(resolved->on("model"));
}

TEST(settings, take_the_flag_before_the_variable_before_the_file) {
  auto file = "port = 3";
  EXPECT_EQ(settings::resolve({}, no_variables, file)->number("port"), 3);
  EXPECT_EQ(settings::resolve({}, variable("REVERIE_PORT", "2"), file)->number("port"), 2);
  auto all = settings::resolve({{"port", "1"}}, variable("REVERIE_PORT", "2"), file);
  EXPECT_EQ(all->number("port"), 1);
  EXPECT_EQ(all->values().find("port")->second.source, ops::setting_source::flag);
}

TEST(settings, know_the_variables_of_the_model_by_the_names_of_the_contract) {
  EXPECT_EQ(settings::resolve({}, variable("REVERIE_MODEL", "m"), "")->text("model-name"), "m");
  EXPECT_EQ(settings::resolve({}, variable("REVERIE_MODEL_URL", "u"), "")->text("model-url"), "u");
  EXPECT_EQ(settings::resolve({}, variable("REVERIE_MODEL_KEY", "k"), "")->text("model-key"), "k");
  EXPECT_EQ(settings::resolve({}, variable("REVERIE_LOCAL_MODEL", "f"), "")->text("local-model"), "f");
  EXPECT_EQ(settings::resolve({}, variable("REVERIE_DATABASE_URL", "d"), "")->text("database-url"), "d");
}

TEST(settings, refuse_what_is_unknown_out_of_bounds_or_of_another_kind) {
  for (const auto& [flags, file] : std::vector<std::pair<std::map<std::string, std::string>, std::string>>{
           {{{"prot", "1"}}, ""}, {{{"port", "70000"}}, ""}, {{{"port", "-1"}}, ""}, {{{"port", "80x"}}, ""}, {{{"port", ""}}, ""},
           {{{"model", "perhaps"}}, ""}, {{}, "prot = 1"}, {{}, "port = 1.5"}, {{}, "port = ["}, {{}, "[port]\nx = 1"}}) {
    auto resolved = settings::resolve(flags, no_variables, file);
    ASSERT_FALSE(resolved) << file;
    EXPECT_EQ(resolved.error().code, events::failure_code::malformed);
    EXPECT_FALSE(resolved.error().message.empty());
  }
}

TEST(settings, take_no_secret_from_a_flag_that_others_can_see) {
  auto resolved = settings::resolve({{"model-key", "s3cret"}}, no_variables, "");
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().message.find("s3cret"), std::string::npos);
}

TEST(settings, have_defaults_within_their_own_bounds_and_names_of_their_own) {
  std::set<std::string_view> names;
  for (const auto& row : ops::all_settings()) EXPECT_TRUE(names.insert(row.name).second) << row.name;
}

TEST(settings, are_listed_in_the_operators_page_as_the_table_says) {
  std::ifstream in(std::string(REVERIE_SOURCE_DIR) + "/docs/OPERATING.md");
  std::string page{std::istreambuf_iterator<char>(in), {}};
  EXPECT_NE(page.find(ops::settings_markdown()), std::string::npos)
      << "docs/OPERATING.md must hold what `reverie config --markdown` prints";
}
