#include "events/log/memory_assignment.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

using events::memory_group;
using partitions = std::vector<events::partition_number>;

TEST(memory_assignment, deals_evenly_and_takes_back_only_what_moves) {
  auto group = std::make_shared<memory_group>(4);
  partitions revoked, lost;
  auto one = group->member("one"), two = group->member("two");
  ASSERT_TRUE(one->join({[](const partitions&) {}, [&](const partitions& taken) { revoked = taken; }, [](const partitions&) {}}).has_value());
  EXPECT_EQ(group->held_by("one").size(), 4U);
  ASSERT_TRUE(two->join({[](const partitions&) {}, [](const partitions&) {}, [](const partitions&) {}}).has_value());
  EXPECT_EQ(revoked, (partitions{{2}, {3}}));
  EXPECT_EQ(group->held_by("two").size(), 2U);
  two->leave();
  EXPECT_EQ(group->held_by("one").size(), 4U);
}

TEST(memory_assignment, tells_a_member_that_was_taken_for_dead_only_when_it_wakes) {
  auto group = std::make_shared<memory_group>(2);
  std::size_t lost = 0;
  auto one = group->member("one"), two = group->member("two");
  ASSERT_TRUE(one->join({[](const partitions&) {}, [](const partitions&) {}, [&](const partitions& gone) { lost += gone.size(); }}).has_value());
  ASSERT_TRUE(two->join({[](const partitions&) {}, [](const partitions&) {}, [](const partitions&) {}}).has_value());
  group->expire("one");
  EXPECT_EQ(group->held_by("two").size(), 2U);
  EXPECT_EQ(lost, 0U);
  group->wake("one");
  EXPECT_EQ(lost, 1U);
  EXPECT_EQ(group->held_by("one").size(), 1U);
}

} // namespace reverie::tests
