#include "events/model/entity_position.hpp"

#include <gtest/gtest.h>

namespace reverie::events {
namespace {

TEST(entity_position, is_written_with_its_sequence_when_that_is_known) {
  EXPECT_EQ(to_string(entity_position{{{3}, {17}}, {}}), "3:17");
  EXPECT_EQ(to_string(entity_position{{{3}, {17}}, {5}}), "3:17:5");
}

TEST(entity_position, is_read_either_way_and_nothing_else) {
  EXPECT_EQ(parse_entity_position("3:17"), (entity_position{{{3}, {17}}, {}}));
  EXPECT_EQ(parse_entity_position("3:17:5"), (entity_position{{{3}, {17}}, {5}}));
  for (const auto* wrong : {"", "3", "3:", ":3", "3:17:", "3:17:0", "3:17:x", "3:17:5:1", "3:17: 5", "3:17:-1", "3:17:99999999999999999999"})
    EXPECT_FALSE(parse_entity_position(wrong)) << wrong;
}

TEST(entity_position, is_reached_by_sequence_when_both_are_known_else_by_the_record) {
  const entity_position plain{{{0}, {9}}, {}}, third{{{0}, {9}}, {3}}, fourth{{{0}, {9}}, {4}}, copied{{{4}, {2}}, {4}};
  EXPECT_TRUE(is_reached(third, fourth));
  EXPECT_FALSE(is_reached(fourth, third));
  EXPECT_TRUE(is_reached(fourth, plain));
  EXPECT_TRUE(is_reached(copied, fourth));
  EXPECT_FALSE(is_reached(copied, third));
}

} // namespace
} // namespace reverie::events
