#include "events/replay/log_replay.hpp"

#include "events/log/memory_log.hpp"
#include "events/vault/field_sealing.hpp"
#include "events/vault/memory_key_ring.hpp"
#include "tests/support/record_samples.hpp"

#include <gtest/gtest.h>

namespace reverie::events {

using tests::announcement;
using tests::numbered_session;
using tests::numbered_uuid;
using tests::record_chain;

namespace {

struct collector : replay_visitor {
  std::vector<recorded_event> events;
  std::vector<log_difference> differences;
  std::size_t records = 0, redacted = 0;

  void on_event(recorded_event& each, bool closed) override {
    events.push_back(each);
    redacted += closed;
  }
  void on_record(const stored_record&) override { ++records; }
  void on_difference(const log_difference& difference) override { differences.push_back(difference); }

  std::string text(std::size_t index) const { return std::get<session::message_sent>(events.at(index).payload).content; }
};

struct log_replay : ::testing::Test {
  log_replay() { log.write_raw({0}, announcement({0}, 1, numbered_uuid(9), 1)); }
  replay_report replay(replay_options options = {}) {
    seen = {};
    auto report = replay_partition(log, {0}, options, &seen);
    EXPECT_TRUE(report.has_value()) << (report ? "" : report.error().message);
    return report.value_or(replay_report{});
  }

  memory_log log{4};
  record_chain chain{numbered_session(1), 1, numbered_uuid(9)};
  collector seen;
};

} // namespace

TEST_F(log_replay, gives_every_event_that_counts_with_its_context) {
  auto record = chain.next({session::message_sent{{}, {}, "one", {}}, session::closed{}});
  log.write_raw({0}, record);
  log.write_raw({0}, chain.message("two"));
  auto report = replay();
  ASSERT_EQ(seen.events.size(), 4U);
  EXPECT_EQ(seen.text(1), "one");
  EXPECT_EQ(seen.text(3), "two");
  const auto& context = seen.events[2].context;
  EXPECT_EQ(context.entity, record.address());
  EXPECT_EQ(context.position, (log_position{{0}, {1}}));
  EXPECT_EQ(context.sequence.value, 2U);
  EXPECT_EQ(context.at, record.headers.at);
  EXPECT_EQ(context.command, record.headers.command);
  EXPECT_EQ(context.correlation, record.headers.correlation);
  EXPECT_EQ(report.records, 3U);
  EXPECT_EQ(report.events, 4U);
  EXPECT_EQ(report.entities, 2U);
  EXPECT_EQ(report.differences, 0U);
  EXPECT_EQ(seen.records, 3U);
}

TEST_F(log_replay, drops_fenced_and_repeated_records_and_counts_them) {
  auto once = chain.message("once");
  log.write_raw({0}, once);
  log.write_raw({0}, once);
  log.write_raw({0}, record_chain(numbered_session(2), 1, numbered_uuid(8)).message("a zombie's"));
  auto report = replay();
  EXPECT_EQ(report.records, 2U);
  EXPECT_EQ(report.fenced, 1U);
  EXPECT_EQ(report.repeated, 1U);
  EXPECT_EQ(report.differences, 0U);
}

TEST_F(log_replay, names_the_first_difference_exactly) {
  log.write_raw({0}, chain.message("good"));
  auto changed = chain.message("changed");
  changed.value.insert(changed.value.size() - 4, "!");
  log.write_raw({0}, changed);
  log.write_raw({0}, chain.message("good again"));
  auto report = replay();
  EXPECT_EQ(report.differences, 1U);
  ASSERT_TRUE(report.first_difference.has_value());
  EXPECT_EQ(report.first_difference->position, (log_position{{0}, {2}}));
  EXPECT_EQ(report.first_difference->entity, numbered_session(1));
  EXPECT_EQ(report.first_difference->sequence.value, 2U);
  EXPECT_NE(to_string(*report.first_difference).find("0:2 session/"), std::string::npos);
}

TEST_F(log_replay, finds_a_broken_link_and_a_gap) {
  log.write_raw({0}, chain.message("one"));
  auto forged = chain.message("forged");
  forged.headers.previous_hash[0] ^= 1;
  forged.headers.hash = hash_of(forged);
  log.write_raw({0}, forged);
  chain.message("lost");
  log.write_raw({0}, chain.message("after the gap"));
  auto report = replay();
  EXPECT_EQ(report.gaps, 1U);
  EXPECT_EQ(report.differences, 2U);
  EXPECT_NE(seen.differences[0].what.find("the chain is broken"), std::string::npos);
  EXPECT_NE(seen.differences[1].what.find("number 3 was expected"), std::string::npos);
}

TEST_F(log_replay, goes_on_behind_a_damaged_record_and_a_value_that_does_not_parse) {
  log.write_raw({0}, chain.message("one"));
  log.write_raw({0}, record_chain(numbered_session(2), 1, numbered_uuid(9)).message("damaged"));
  auto odd = record_chain(numbered_session(3), 1, numbered_uuid(9)).message("odd");
  odd.value = "[{]";
  odd.headers.hash = hash_of(odd);
  log.write_raw({0}, odd);
  auto other = record_chain(numbered_session(4), 1, numbered_uuid(9)).message("other");
  other.headers.types[0].name = "session.closed";
  other.headers.hash = hash_of(other);
  log.write_raw({0}, other);
  log.write_raw({0}, chain.message("two"));
  log.corrupt({{0}, {2}});
  auto report = replay();
  EXPECT_EQ(report.differences, 3U);
  EXPECT_EQ(report.first_difference->position, (log_position{{0}, {2}}));
  EXPECT_EQ(seen.text(seen.events.size() - 1), "two");
}

TEST_F(log_replay, starts_and_ends_where_it_is_told_to) {
  for (auto text : {"one", "two", "three"}) log.write_raw({0}, chain.message(text));
  epoch_rule rule({{1}, {numbered_uuid(9)}}, {{numbered_session(1), {2}}});
  auto report = replay({.from = {2}, .rule = rule, .until = log_offset{3}});
  ASSERT_EQ(seen.events.size(), 1U);
  EXPECT_EQ(seen.text(0), "two");
  EXPECT_EQ(report.differences, 0U);
}

TEST_F(log_replay, opens_sealed_fields_or_counts_them_as_redacted) {
  memory_key_ring ring;
  user_id person{numbered_uuid(5)};
  log.write_raw({0}, chain.message("sealed", seal_with(person, ring.create(person).value())));
  replay({.make_opener = [&] { return open_with(ring); }});
  EXPECT_EQ(seen.text(1), "sealed");
  auto closed = replay();
  EXPECT_EQ(seen.text(1), "");
  EXPECT_EQ(closed.redacted, 1U);
  EXPECT_EQ(seen.redacted, 1U);
  ASSERT_TRUE(ring.destroy(person));
  EXPECT_EQ(replay({.make_opener = [&] { return open_with(ring); }}).redacted, 1U);
}

TEST_F(log_replay, fails_when_a_key_can_not_be_had_now) {
  memory_key_ring ring;
  user_id person{numbered_uuid(5)};
  log.write_raw({0}, chain.message("sealed", seal_with(person, ring.create(person).value())));
  memory_key_ring cold(std::make_shared<memory_wrapped_key_store>());
  cold.vault().set_away(true);
  replay_options options{.make_opener = [&] { return open_with(cold); }};
  EXPECT_EQ(replay_partition(log, {0}, options, nullptr).error().code, failure_code::key_unavailable);
}

TEST_F(log_replay, says_how_far_it_is_and_stops_when_told_to) {
  for (int i = 0; i < 10; ++i) log.write_raw({0}, chain.message("m"));
  std::vector<std::uint64_t> done;
  replay({.on_progress = [&](const replay_progress& now) {
    EXPECT_EQ(now.of, 11U);
    done.push_back(now.records);
  }});
  EXPECT_EQ(done.back(), 11U);
  std::stop_source stop;
  stop.request_stop();
  replay_options stopped{.stop = stop.get_token()};
  EXPECT_EQ(replay_partition(log, {0}, stopped, nullptr).error().code, failure_code::cancelled);
}

TEST_F(log_replay, adds_up_all_partitions_the_same_way_on_any_number_of_threads) {
  for (std::uint32_t partition = 1; partition < 4; ++partition) {
    log.write_raw({partition}, announcement({partition}, 1, numbered_uuid(9), 1));
    record_chain mine(numbered_session(partition), 1, numbered_uuid(9));
    for (std::uint32_t i = 0; i < 10 * partition; ++i) log.write_raw({partition}, mine.message("m"));
  }
  for (std::size_t threads : {1U, 2U, 8U}) {
    std::vector<collector> collectors(4);
    auto report = replay_log(log, replay_options{}, threads, [&](partition_number partition) { return &collectors[partition.value]; }).value();
    EXPECT_EQ(report.records, 64U);
    EXPECT_EQ(collectors[3].events.size(), 31U);
  }
}

} // namespace reverie::events
