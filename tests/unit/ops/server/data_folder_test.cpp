#include "ops/server/data_folder.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>

using namespace reverie;
using events::failure_code;
using ops::data_folder;

TEST(data_folder, is_made_when_it_is_not_there_and_opened_again) {
  tests::temporary_folder temporary;
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(data_folder::open(temporary.path() / "a" / "b"));
}

TEST(data_folder, is_held_by_one_at_a_time) {
  tests::temporary_folder temporary;
  auto first = data_folder::open(temporary.path());
  ASSERT_TRUE(first);
  auto second = data_folder::open(temporary.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, failure_code::locked);
}

TEST(data_folder, of_a_newer_version_is_refused_and_left_as_it_is) {
  tests::temporary_folder temporary;
  std::ofstream(temporary.path() / "format") << 999;
  auto folder = data_folder::open(temporary.path());
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, failure_code::unknown_version);
  int version = 0;
  std::ifstream(temporary.path() / "format") >> version;
  EXPECT_EQ(version, 999);
}

TEST(data_folder, with_a_broken_format_file_is_refused) {
  tests::temporary_folder temporary;
  std::ofstream(temporary.path() / "format") << "x";
  auto folder = data_folder::open(temporary.path());
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, failure_code::corrupted);
}

TEST(data_folder, that_can_not_be_made_says_why) {
  tests::temporary_folder temporary;
  std::ofstream(temporary.path() / "file") << "x";
  auto folder = data_folder::open(temporary.path() / "file" / "data");
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, failure_code::unavailable);
}
