#include "actors/runtime/effect_book.hpp"
#include "actors/runtime/partition_state.hpp"
#include "tests/support/record_samples.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

using actors::runtime::begun_effect;
using actors::runtime::effect_book;

TEST(effect_book, lists_all_that_was_refused_however_much_waits) {
  effect_book book;
  std::unordered_map<events::effect_id, events::pending_effect> pending;
  for (std::uint64_t i = 1; i <= 50; ++i) pending[{numbered_uuid(i)}] = {.id = {numbered_uuid(i)}, .owner = {numbered_session(1), numbered_uuid(1)}, .cause = {}, .bytes = {}};
  begun_effect refused;
  refused.id = {numbered_uuid(900)};
  book.refuse(refused, 3, "it can't be", events::timestamp{});
  const auto now = events::from_milliseconds(1'000);
  const auto listed = book.list(pending, {}, 10, now);
  ASSERT_EQ(listed.size(), 11U);
  EXPECT_TRUE(listed.back().failed);
  for (std::uint64_t i = 0; i < 10; ++i) EXPECT_EQ(listed[i].id, events::effect_id{numbered_uuid(i + 1)}) << "of one moment, by id";
  ASSERT_EQ(book.list(pending, {}, 0, now).size(), 1U);
  EXPECT_EQ(book.list(pending, {}, 0, now)[0].problem, "it can't be");
}

} // namespace reverie::tests
