#include "events/replay/log_copy.hpp"

#include "events/log/memory_log.hpp"
#include "events/log/slice_map.hpp"
#include "events/replay/log_replay.hpp"
#include "tests/support/record_samples.hpp"

#include <gtest/gtest.h>

namespace reverie::events {

using tests::announcement;
using tests::numbered_session;
using tests::numbered_uuid;
using tests::record_chain;

namespace {

struct log_copy : ::testing::Test {
  log_copy() {
    for (std::uint32_t number = 0; number < source.partitions(); ++number)
      source.write_raw({number}, announcement({number}, 1, numbered_uuid(9), 1));
  }

  /// Ten messages of each of twenty sessions, in the partitions that the source's slices say.
  void fill() {
    auto map = slice_map::dealt_over(source.partitions());
    for (std::uint64_t session = 1; session <= 20; ++session) {
      record_chain chain(numbered_session(session), 1, numbered_uuid(9));
      for (int i = 0; i < 10; ++i) source.write_raw(map.partition_of(numbered_session(session).id), chain.message(std::to_string(i)));
    }
  }

  log_copy_options options() {
    return {.fresh_writer = [this] { return writer_id{numbered_uuid(100 + ++writers)}; }, .now = from_milliseconds(1'700'000'000'000)};
  }

  static std::vector<replay_report> replayed(event_log& log) {
    std::vector<replay_report> all;
    for (std::uint32_t number = 0; number < log.partitions(); ++number) all.push_back(replay_partition(log, {number}, {}, nullptr).value());
    return all;
  }

  memory_log source{4}, target{7};
  std::uint64_t writers = 0;
};

} // namespace

TEST_F(log_copy, brings_every_record_that_counts_to_a_log_of_other_partitions_with_whole_chains) {
  fill();
  auto report = copy_log(source, target, options());
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->copied, 200U);
  EXPECT_EQ(report->left_out, 4U);
  std::uint64_t events = 0;
  for (const auto& each : replayed(target)) {
    EXPECT_EQ(each.differences, 0U);
    EXPECT_EQ(each.fenced + each.repeated + each.gaps, 0U);
    events += each.events;
  }
  std::uint64_t records = 0, used = 0;
  for (std::uint32_t number = 0; number < target.partitions(); ++number) {
    records += target.range({number})->end.value;
    used += target.range({number})->end.value > 0;
  }
  EXPECT_EQ(events, records); // each record here has one event
  EXPECT_EQ(records, 200 + used + 1) << "an announcement for each partition that is written to, and the slice map";
}

TEST_F(log_copy, adds_nothing_when_it_is_run_again) {
  fill();
  ASSERT_TRUE(copy_log(source, target, options()).has_value());
  auto before = target.acknowledged();
  auto again = copy_log(source, target, options());
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->copied, 0U);
  EXPECT_EQ(again->present, 200U);
  EXPECT_EQ(target.acknowledged(), before);
}

TEST_F(log_copy, goes_on_where_it_was_stopped) {
  fill();
  for (std::uint64_t stored : {60U, 3U, 90U}) {
    for (std::uint64_t i = 0; i < stored; ++i) target.next_append_meets(memory_log::fault::none);
    target.next_append_meets(memory_log::fault::no_space);
    EXPECT_EQ(copy_log(source, target, options()).error().code, failure_code::no_space);
  }
  auto done = copy_log(source, target, options());
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(done->copied + done->present, 200U);
  for (const auto& each : replayed(target)) EXPECT_EQ(each.differences, 0U);
}

TEST_F(log_copy, leaves_out_what_does_not_count) {
  record_chain owner(numbered_session(1), 1, numbered_uuid(9)), zombie(numbered_session(2), 1, numbered_uuid(8));
  auto first = owner.message("counts");
  source.write_raw({0}, first);
  source.write_raw({0}, first);
  source.write_raw({0}, zombie.message("never counts"));
  auto report = copy_log(source, target, options());
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->copied, 1U);
  EXPECT_EQ(report->left_out, 4U + 2U);
}

TEST_F(log_copy, refuses_an_entity_that_has_another_history_there) {
  fill();
  auto map = slice_map::dealt_over(target.partitions());
  auto home = map.partition_of(numbered_session(3).id);
  target.write_raw(home, announcement(home, 1, numbered_uuid(50), 1));
  record_chain other(numbered_session(3), 1, numbered_uuid(50));
  target.write_raw(home, other.message("another life"));
  auto refused = copy_log(source, target, options());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, failure_code::already_exists);
  EXPECT_NE(refused.error().message.find(to_string(numbered_session(3))), std::string::npos);
}

TEST_F(log_copy, refuses_an_entity_that_went_another_way_and_on_behind_the_end) {
  record_chain ours(numbered_session(3), 1, numbered_uuid(9));
  for (const auto* each : {"one", "two", "three"}) source.write_raw({0}, ours.message(each));
  auto home = slice_map::dealt_over(target.partitions()).partition_of(numbered_session(3).id);
  target.write_raw(home, announcement(home, 1, numbered_uuid(50), 1));
  record_chain theirs(numbered_session(3), 1, numbered_uuid(50));
  for (const auto* each : {"one", "two", "not three", "four", "five"}) target.write_raw(home, theirs.message(each));
  auto refused = copy_log(source, target, options());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, failure_code::already_exists);
}

TEST_F(log_copy, takes_an_entity_that_only_went_on_in_the_target_as_present) {
  record_chain ours(numbered_session(3), 1, numbered_uuid(9));
  for (const auto* each : {"one", "two"}) source.write_raw({0}, ours.message(each));
  ASSERT_TRUE(copy_log(source, target, options()).has_value());
  auto home = slice_map::dealt_over(target.partitions()).partition_of(numbered_session(3).id);
  auto next = ours.message("three");
  next.headers.writer = writer_id{numbered_uuid(101)};
  target.write_raw(home, next);
  auto again = copy_log(source, target, options());
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_EQ(again->present, 2U);
}

TEST_F(log_copy, refuses_a_source_whose_chain_is_broken_or_that_has_a_gap) {
  record_chain chain(numbered_session(1), 1, numbered_uuid(9));
  source.write_raw({0}, chain.message("one"));
  auto missing = chain.message("missing");
  source.write_raw({0}, chain.message("after a gap"));
  EXPECT_EQ(copy_log(source, target, options()).error().code, failure_code::corrupted);
  memory_log damaged(1), fresh(1);
  damaged.write_raw({0}, announcement({0}, 1, numbered_uuid(9), 1));
  auto changed = record_chain(numbered_session(1), 1, numbered_uuid(9)).message("said");
  changed.value.replace(changed.value.find("said"), 4, "paid");
  damaged.write_raw({0}, changed);
  EXPECT_EQ(copy_log(damaged, fresh, options()).error().code, failure_code::corrupted);
}

TEST_F(log_copy, says_when_somebody_else_writes_to_the_target) {
  fill();
  auto with = options();
  with.on_progress = [&, once = false](const log_copy_progress&) mutable {
    if (std::exchange(once, true)) return;
    // The server of the target, which was not stopped, claims every partition.
    for (std::uint32_t number = 0; number < 7; ++number) target.write_raw({number}, announcement({number}, 2, numbered_uuid(77), 2));
  };
  auto fenced = copy_log(source, target, with);
  ASSERT_FALSE(fenced.has_value());
  EXPECT_EQ(fenced.error().code, failure_code::fenced);
}

} // namespace reverie::events
