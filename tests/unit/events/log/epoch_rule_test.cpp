#include "events/log/epoch_rule.hpp"

#include "tests/support/record_samples.hpp"

#include <gtest/gtest.h>

namespace reverie::events {

using tests::announcement;
using tests::numbered_session;
using tests::numbered_uuid;
using tests::record_chain;
using enum record_verdict;

TEST(epoch_rule, counts_nothing_before_an_owner_is_announced) {
  epoch_rule rule;
  EXPECT_EQ(rule.admit(record_chain(numbered_session(1), 0, uuid{}).message("x")), fenced);
  EXPECT_EQ(rule.admit(record_chain(numbered_session(1), 1, numbered_uuid(1)).message("x")), fenced);
  EXPECT_EQ(rule.admit(announcement({0}, 2, numbered_uuid(1), 1)), fenced);
  EXPECT_EQ(rule.admit(announcement({0}, 1, numbered_uuid(1), 1)), counts);
  EXPECT_EQ(rule.pair(), (counting_pair{{1}, {numbered_uuid(1)}}));
}

TEST(epoch_rule, gives_a_race_to_the_first_announcement_in_the_log) {
  epoch_rule rule;
  EXPECT_EQ(rule.admit(announcement({0}, 1, numbered_uuid(1), 1)), counts);
  EXPECT_EQ(rule.admit(announcement({0}, 2, numbered_uuid(2), 2)), counts);
  EXPECT_EQ(rule.admit(announcement({0}, 2, numbered_uuid(3), 2)), fenced);
  EXPECT_EQ(rule.admit(announcement({0}, 3, numbered_uuid(3), 3)), counts);
  EXPECT_EQ(rule.pair().writer.value, numbered_uuid(3));
}

TEST(epoch_rule, drops_a_second_copy_of_an_announcement) {
  epoch_rule rule;
  auto once = announcement({0}, 1, numbered_uuid(1), 1);
  EXPECT_EQ(rule.admit(once), counts);
  EXPECT_EQ(rule.admit(once), fenced);
}

TEST(epoch_rule, does_not_count_an_announcement_that_missed_a_record_of_the_partition) {
  epoch_rule rule;
  rule.admit(announcement({0}, 1, numbered_uuid(1), 1));
  EXPECT_EQ(rule.admit(announcement({0}, 2, numbered_uuid(2), 1)), repeated);
  EXPECT_EQ(rule.pair().epoch.value, 1U);
}

TEST(epoch_rule, drops_the_right_epoch_under_another_writer) {
  epoch_rule rule;
  rule.admit(announcement({0}, 1, numbered_uuid(1), 1));
  EXPECT_EQ(rule.admit(record_chain(numbered_session(1), 1, numbered_uuid(2)).message("x")), fenced);
}

TEST(epoch_rule, follows_each_entitys_own_sequence) {
  epoch_rule rule;
  rule.admit(announcement({0}, 1, numbered_uuid(1), 1));
  record_chain one(numbered_session(1), 1, numbered_uuid(1)), other(numbered_session(2), 1, numbered_uuid(1));
  auto first = one.next({session::closed{}, session::closed{}});
  auto second = one.message("x");
  EXPECT_EQ(rule.admit(second), gap);
  EXPECT_EQ(rule.admit(first), counts);
  EXPECT_EQ(rule.admit(other.message("y")), counts);
  EXPECT_EQ(rule.admit(first), repeated);
  EXPECT_EQ(rule.admit(second), counts);
  EXPECT_EQ(rule.next_of(numbered_session(1)).value, 4U);
  EXPECT_EQ(rule.next_of(numbered_session(9)).value, 1U);
  EXPECT_EQ(rule.counted().counted, 4U);
  EXPECT_EQ(rule.counted().gaps, 1U);
  EXPECT_EQ(rule.counted().repeated, 1U);
}

TEST(epoch_rule, goes_on_from_a_stored_position_as_if_it_had_read_from_the_start) {
  epoch_rule whole;
  record_chain chain(numbered_session(1), 1, numbered_uuid(1));
  whole.admit(announcement({0}, 1, numbered_uuid(1), 1));
  whole.admit(chain.message("x"));
  epoch_rule resumed(whole.pair(), whole.next());
  auto next = chain.message("y");
  auto zombie = record_chain(numbered_session(2), 0, numbered_uuid(7)).message("z");
  for (const auto& each : {next, next, zombie, announcement({0}, 2, numbered_uuid(2), 2)}) {
    EXPECT_EQ(resumed.admit(each), whole.admit(each));
  }
}

} // namespace reverie::events
