#include "ops/operator/folded_states.hpp"

#include "events/vault/memory_key_ring.hpp"
#include "tests/support/given_when_then.hpp"

using namespace reverie;
using namespace reverie::ops;
using namespace reverie::tests;

namespace {

/// Somebody who is called otherwise at each event, one record each, a second apart.
struct renamed_people : testing::Test {
  events::memory_key_ring keys;
  std::uint64_t length = 100;
  std::vector<std::uint64_t> begun; ///< where each reading began
  std::optional<std::uint64_t> gives_up_after;

  renamed_people() {
    for (std::uint64_t i = 1; i <= 3; ++i) EXPECT_TRUE(keys.create({test_id(i)}));
  }
  static entity_finder::place person(std::uint64_t number = 1) { return {{{events::entity_kind::user, test_id(number)}, test_id(number)}, {0}}; }
  timeline_source source() {
    return [this](const entity_finder::place& of, events::sequence_number from, const timeline_visitor& visit) -> events::outcome<void> {
      begun.push_back(from.value);
      for (auto i = from.value; i <= length; ++i) {
        if (gives_up_after && i > from.value + *gives_up_after) return events::fail(events::failure_code::timed_out, "later");
        const events::event happened = events::user::profile_changed{"name " + std::to_string(i)};
        const events::event_context context{of.address, {{0}, {i * 10}}, {i}, events::from_milliseconds(static_cast<std::int64_t>(1'000 * i)), {}, {}};
        if (!visit(actors::entity_update{of.address, context.position, {{context, happened}}})) return {};
      }
      return {};
    };
  }
  std::string name_at(folded_states& kept, const fold_until& until, std::uint64_t who = 1) {
    const auto folded = fold_entity(source(), person(who), until, &kept);
    EXPECT_TRUE(folded);
    if (!folded) return {};
    const auto bytes = folded->logic->state_bytes();
    const auto plain = fold_entity(source(), person(who), until);
    begun.pop_back();
    EXPECT_EQ(bytes, plain->logic->state_bytes()) << "as without what was kept";
    EXPECT_EQ(folded->sequence, plain->sequence);
    EXPECT_EQ(folded->position, plain->position);
    EXPECT_EQ(folded->at, plain->at);
    return bytes;
  }
  std::uint64_t began(folded_states& kept, const fold_until& until, std::uint64_t who = 1) {
    name_at(kept, until, who);
    return begun.back();
  }
  static folded_states::bounds bounds() { return {.bytes = 1'000'000, .per_entity = 100, .every_events = 10, .at_rest = 2}; }
};

} // namespace

TEST_F(renamed_people, are_folded_from_the_nearest_kept_state_by_sequence_time_and_position) {
  folded_states kept(keys, bounds());
  EXPECT_EQ(began(kept, {}), 1u);
  EXPECT_EQ(kept.states(), 10u);
  EXPECT_EQ(began(kept, {.sequence = 57, .time = {}, .before_or_at = {}}), 51u);
  EXPECT_EQ(began(kept, {.sequence = 9, .time = {}, .before_or_at = {}}), 1u);
  EXPECT_EQ(began(kept, {.sequence = {}, .time = events::from_milliseconds(33'500), .before_or_at = {}}), 31u);
  EXPECT_EQ(began(kept, {.sequence = {}, .time = {}, .before_or_at = events::log_position{{0}, {790}}}), 71u);
  const auto readings = begun.size();
  name_at(kept, {.sequence = 50, .time = {}, .before_or_at = {}});
  EXPECT_EQ(begun.size(), readings) << "a kept one is not read for";
  length = 105;
  EXPECT_EQ(began(kept, {}), 101u);
}

TEST_F(renamed_people, are_folded_further_by_each_call_that_has_to_give_up) {
  auto most = bounds();
  most.every_events = 1'000;
  folded_states kept(keys, most);
  length = 3'000;
  gives_up_after = 700;
  std::size_t calls = 0;
  while (!fold_entity(source(), person(), {}, &kept)) ASSERT_LT(++calls, 10u);
  EXPECT_EQ(begun, (std::vector<std::uint64_t>{1, 702, 1403, 2104, 2805}));
}

TEST_F(renamed_people, once_erased_leave_nothing_that_can_be_read) {
  folded_states kept(keys, bounds());
  name_at(kept, {});
  EXPECT_GT(kept.states(), 0u);
  ASSERT_TRUE(keys.destroy({test_id(1)}));
  EXPECT_FALSE(kept.nearest(person().address, {}));
  EXPECT_EQ(kept.states(), 0u);
  EXPECT_EQ(began(kept, {}), 1u);
  EXPECT_EQ(kept.states(), 0u) << "nothing is kept of somebody who is erased";
}

TEST_F(renamed_people, keep_fewer_states_further_apart_the_longer_they_are) {
  auto most = bounds();
  most.per_entity = 8;
  folded_states kept(keys, most);
  length = 1'000;
  name_at(kept, {});
  EXPECT_LE(kept.states(), 8u);
  EXPECT_GE(kept.states(), 4u);
  EXPECT_GT(began(kept, {.sequence = 500, .time = {}, .before_or_at = {}}), 250u);
  EXPECT_GT(began(kept, {.sequence = 999, .time = {}, .before_or_at = {}}), 700u);
}

TEST_F(renamed_people, that_nobody_asked_for_longest_go_when_there_are_too_many_bytes) {
  auto most = bounds();
  most.bytes = 8'000;
  folded_states kept(keys, most);
  for (const std::uint64_t who : {1U, 2U}) name_at(kept, {}, who);
  EXPECT_GT(began(kept, {}, 1), 1u);
  name_at(kept, {}, 3);
  EXPECT_LE(kept.bytes(), 8'000u);
  EXPECT_EQ(began(kept, {.sequence = 5, .time = {}, .before_or_at = {}}, 2), 1u);
  most.bytes = 100;
  folded_states none(keys, most);
  name_at(none, {});
  EXPECT_EQ(none.states(), 0u) << "what is larger than half of all is not kept";
}

TEST_F(renamed_people, keep_the_last_places_where_somebody_stopped) {
  auto most = bounds();
  most.every_events = 100'000;
  folded_states kept(keys, most);
  length = 5'000;
  for (const std::uint64_t at : {1'000U, 2'000U, 3'000U}) name_at(kept, {.sequence = at, .time = {}, .before_or_at = {}});
  EXPECT_EQ(kept.states(), 2u);
  EXPECT_EQ(began(kept, {.sequence = 2'010, .time = {}, .before_or_at = {}}), 2'001u);
  EXPECT_EQ(began(kept, {.sequence = 1'010, .time = {}, .before_or_at = {}}), 1u);
}
