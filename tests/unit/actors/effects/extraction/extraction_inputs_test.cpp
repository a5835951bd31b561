#include "actors/domain/recall_marker.hpp"
#include "actors/effects/extraction_inputs.hpp"
#include "tests/support/given_when_then.hpp"

namespace reverie::tests {
namespace {

using actors::session::node;
using actors::session::role;

events::message_id id_of(std::uint64_t number) { return {test_id(number)}; }

/// A branch of so many messages, the person's and the character's in turn.
actors::session::state branch_of(std::uint64_t length) {
  actors::session::state now;
  for (std::uint64_t i = 1; i <= length; ++i) {
    node each;
    if (i > 1) each.parent = id_of(i - 1);
    each.by = i % 2 == 1 ? role::user : role::character;
    each.created = each.text_at = {i};
    now.nodes.emplace(id_of(i), each);
    now.recent.push_back({id_of(i), "turn " + std::to_string(i)});
  }
  now.leaf = id_of(length);
  return now;
}

TEST(extraction_inputs, hold_the_last_turns_before_the_message_oldest_first) {
  const auto inputs = actors::inputs_before(branch_of(7), id_of(7), {});
  ASSERT_EQ(inputs.before.size(), actors::extraction_turns_before);
  EXPECT_EQ(inputs.before.front(), (actors::prompt_message{"user", "turn 3"}));
  EXPECT_EQ(inputs.before.back(), (actors::prompt_message{"assistant", "turn 6"}));
}

TEST(extraction_inputs, leave_out_what_was_forgotten) {
  const std::vector barred{id_of(2)};
  const auto inputs = actors::inputs_before(branch_of(3), id_of(3), barred);
  ASSERT_EQ(inputs.before.size(), 1U);
  EXPECT_EQ(inputs.before[0].content, "turn 1");
}

TEST(extraction_inputs, are_empty_for_a_message_that_is_not_on_the_branch) {
  EXPECT_TRUE(actors::inputs_before(branch_of(3), id_of(99), {}).before.empty());
}

TEST(extraction_inputs, cut_long_turns_and_recalled_text) {
  auto now = branch_of(2);
  now.recent[0].text = "a " + std::string{actors::recall_begin} + "old" + std::string{actors::recall_end} + std::string(5'000, 'x');
  const auto inputs = actors::inputs_before(now, id_of(2), {});
  ASSERT_EQ(inputs.before.size(), 1U);
  EXPECT_EQ(inputs.before[0].content.size(), actors::extraction_turn_bytes);
  EXPECT_EQ(inputs.before[0].content.find("old"), std::string::npos);
}

TEST(extraction_inputs, take_recalled_text_out_of_what_was_said) {
  const std::string marked = "One " + std::string{actors::recall_begin} + "old" + std::string{actors::recall_end} + "two";
  EXPECT_EQ(actors::without_recalled(marked), "One two");
  EXPECT_EQ(actors::without_recalled("a " + std::string{actors::recall_begin} + "open"), "a ");
  EXPECT_EQ(actors::without_recalled("plain"), "plain");
}

TEST(is_to_be_observed, is_not_what_was_observed_taken_back_or_forgotten) {
  actors::bond::state now;
  now.observed = {id_of(1)};
  now.retracted = {id_of(2)};
  now.barred = {id_of(3)};
  for (std::uint64_t i = 1; i <= 3; ++i) EXPECT_FALSE(actors::is_to_be_observed(now, id_of(i))) << i;
  EXPECT_TRUE(actors::is_to_be_observed(now, id_of(4)));
}

} // namespace
} // namespace reverie::tests
