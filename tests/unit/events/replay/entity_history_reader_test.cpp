#include "events/replay/entity_history_reader.hpp"

#include "events/log/memory_log.hpp"
#include "events/log/memory_state_store.hpp"
#include "events/vault/field_sealing.hpp"
#include "tests/support/record_samples.hpp"

#include <gtest/gtest.h>

namespace reverie::events {

using tests::announcement;
using tests::numbered_session;
using tests::numbered_uuid;
using tests::record_chain;

namespace {

struct entity_history : ::testing::Test {
  entity_history() { log.write_raw({0}, announcement({0}, 1, numbered_uuid(9), 1)); }

  void write(record_chain& of, const std::string& text) { log.write_raw({0}, of.message(text)); }

  /// Applies the log to the state up to an offset, as an owner does.
  void apply_until(std::uint64_t end) {
    auto reader = log.reader({0}, {}).value();
    std::vector<stored_record> read;
    reader->read(read, end, {}).value();
    epoch_rule rule;
    state_batch batch;
    for (const auto& stored : read) {
      if (rule.admit(stored.content) != record_verdict::counts) continue;
      const auto& headers = stored.content.headers;
      auto count = static_cast<std::uint16_t>(headers.types.size());
      batch.history.push_back({stored.content.address(), {headers.first_sequence, count, stored.position.offset}});
      batch.tips.push_back({headers.entity, {stored.content.last_sequence().next(), headers.hash}});
    }
    batch.applied = applied_position{{end}, rule.pair()};
    ASSERT_TRUE(state.write(std::move(batch)));
  }

  std::vector<std::string> texts(state_store* from_state, std::uint64_t from = 1, std::size_t events_max = 100) {
    std::vector<std::string> all;
    auto events = entity_history_reader(log, {0}, from_state).read_some(address, {from}, events_max, open_nothing());
    EXPECT_TRUE(events.has_value()) << (events ? "" : events.error().message);
    if (!events) return all;
    for (const auto& each : *events) {
      EXPECT_EQ(each.context.sequence.value, from + all.size());
      all.push_back(std::get<session::message_sent>(each.payload).content);
    }
    return all;
  }

  memory_log log{1};
  memory_state_store state;
  entity_address address{numbered_session(1), numbered_session(1).id};
  record_chain mine{numbered_session(1), 1, numbered_uuid(9)}, other{numbered_session(2), 1, numbered_uuid(9)};
};

const std::vector<std::string> all_four{"one", "two", "three", "four"};

} // namespace

TEST_F(entity_history, is_the_same_by_scan_by_history_and_by_both) {
  write(mine, "one");
  write(other, "x");
  write(mine, "two");
  log.write_raw({0}, record_chain(numbered_session(1), 7, numbered_uuid(7)).message("a zombie's"));
  write(mine, "three");
  write(other, "y");
  write(mine, "four");
  EXPECT_EQ(texts(nullptr), all_four);
  for (std::uint64_t applied = 0; applied <= 8; ++applied) {
    state.fall_back();
    apply_until(applied);
    EXPECT_EQ(texts(&state), all_four) << applied;
    EXPECT_EQ(texts(&state, 3), (std::vector<std::string>{"three", "four"})) << applied;
    EXPECT_EQ(texts(&state, 2, 2), (std::vector<std::string>{"two", "three"})) << applied;
    EXPECT_TRUE(texts(&state, 5).empty());
  }
}

TEST_F(entity_history, follows_a_change_of_owner_behind_the_applied_position) {
  write(mine, "one");
  apply_until(2);
  log.write_raw({0}, announcement({0}, 2, numbered_uuid(8), 2));
  auto continued = mine.message("two");
  auto zombie = continued;
  log.write_raw({0}, zombie);
  continued.headers.epoch = {2};
  continued.headers.writer = {numbered_uuid(8)};
  log.write_raw({0}, continued);
  EXPECT_EQ(texts(&state), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(texts(nullptr), (std::vector<std::string>{"one", "two"}));
}

TEST_F(entity_history, starts_in_the_middle_of_a_record) {
  log.write_raw({0}, mine.next({session::message_sent{{}, {}, "one", {}}, session::message_sent{{}, {}, "two", {}}}));
  apply_until(2);
  EXPECT_EQ(texts(&state, 2), (std::vector<std::string>{"two"}));
  EXPECT_EQ(texts(nullptr, 2), (std::vector<std::string>{"two"}));
}

TEST_F(entity_history, names_a_record_that_is_not_what_the_history_says) {
  write(mine, "one");
  ASSERT_TRUE(state.write({.history = {{address, {{1}, 1, {0}}}}, .applied = applied_position{{2}, {{1}, {numbered_uuid(9)}}}}));
  auto read = entity_history_reader(log, {0}, &state).read_some(address, {1}, 10, open_nothing());
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, failure_code::corrupted);
  EXPECT_NE(read.error().message.find("0:0"), std::string::npos);
}

TEST_F(entity_history, names_a_record_that_was_changed) {
  auto changed = mine.message("one");
  changed.value.insert(changed.value.size() - 4, "!");
  log.write_raw({0}, changed);
  auto read = entity_history_reader(log, {0}, nullptr).read_some(address, {1}, 10, open_nothing());
  EXPECT_EQ(read.error().code, failure_code::corrupted);
}

} // namespace reverie::events
