#include "tests/unit/tidy/project_files.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <string>
#include <vector>

using namespace reverie::tests;

namespace {

/// Reports each line of a file in which the pattern is found.
void expect_no_line_with(const std::regex& pattern, const std::string& why, auto&& wanted) {
  for (const auto& file : project_files()) {
    if (!wanted(file) || file.path.starts_with("tests/unit/tidy/")) continue;
    auto lines = lines_of(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i)
      EXPECT_FALSE(lines[i].size() < 2000 && std::regex_search(lines[i], pattern)) << file.path << ":" << i + 1 << ": " << why;
  }
}

bool any_file(const project_file&) { return true; }

} // namespace

TEST(tidy, nothing_unfinished_is_left_behind) {
  expect_no_line_with(std::regex(R"(\b(TODO|FIXME|XXX|HACK)\b)"), "finish it, or write it down as an issue", any_file);
}

TEST(tidy, no_path_of_a_machine_is_written_down) {
  expect_no_line_with(std::regex(R"((^|[^A-Za-z0-9_.<>-])/(work|farm|root|home)/)"), "a path of one machine", any_file);
}

TEST(tidy, no_registry_is_named_by_its_host) {
  expect_no_line_with(std::regex(R"(https?://[a-z0-9.-]*(debian|npmjs|pypi|crates|golang)[a-z0-9.-]*/)"), "a registry's host", any_file);
}

TEST(tidy, tests_do_not_sleep) {
  expect_no_line_with(std::regex(R"(\b(sleep_for|sleep_until|usleep|nanosleep)\b)"), "wait for what happens instead",
                      [](const project_file& file) { return file.is_cpp() && file.path.starts_with("tests/") && !file.path.starts_with("tests/bench/"); });
}

TEST(tidy, only_one_file_knows_which_caf_this_is) {
  expect_no_line_with(std::regex(R"(\bCAF_\w*VERSION)"), "belongs into actors/runtime/caf_compat.hpp", [](const project_file& file) {
    return file.is_cpp() && file.path != "actors/runtime/caf_compat.hpp";
  });
}

TEST(tidy, files_are_named_by_their_concern) {
  std::regex vague(R"((^|[_/.-])(utils?|helpers?|common|misc|stuff|new|v2)([_.-]|$))");
  for (const auto& file : project_files()) {
    if (!file.is_cpp() && !file.ends_with(".ts") && !file.ends_with(".tsx")) continue;
    auto name = std::filesystem::path(file.path).stem().string();
    EXPECT_FALSE(std::regex_search(name, vague)) << file.path;
  }
}

TEST(tidy, every_folder_of_the_first_level_says_what_it_is_for) {
  for (auto folder : {"actors", "events", "projections", "gateway", "migrations", "tests", "ops", "docs"})
    EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(REVERIE_SOURCE_DIR) / folder / "README.md")) << folder;
}
