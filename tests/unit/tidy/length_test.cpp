#include "tests/unit/tidy/function_lengths.hpp"
#include "tests/unit/tidy/project_files.hpp"

#include <gtest/gtest.h>

using namespace reverie::tests;

namespace {

constexpr std::size_t file_lines = 350;
constexpr std::size_t function_lines = 70;

} // namespace

TEST(tidy, no_source_file_is_longer_than_350_lines) {
  for (const auto& file : project_files()) {
    if (!file.is_cpp() && !file.ends_with(".ts") && !file.ends_with(".tsx") && !file.ends_with(".css")) continue;
    EXPECT_LE(lines_of(file.text).size(), file_lines) << file.path << ": which two concerns does it hold?";
  }
}

TEST(tidy, no_function_is_longer_than_70_lines) {
  for (const auto& file : project_files()) {
    if (!file.is_cpp()) continue;
    for (const auto& function : function_lengths(file.text))
      EXPECT_LE(function.lines, function_lines) << file.path << ":" << function.first_line;
  }
}

TEST(tidy, the_measure_of_functions_sees_bodies_and_passes_over_types_and_tables) {
  auto found = function_lengths("namespace a {\nstruct b final {\n  int f() const {\n    if (x) { return \"}\"[0]; }\n    return 1;\n  }\n};\n"
                                "const int t[] = {\n1,\n2};\nvoid g(int x) { // {\n}\n}\n");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].first_line, 3u);
  EXPECT_EQ(found[0].lines, 4u);
  EXPECT_EQ(found[1].lines, 2u);
}
