#pragma once

#include "events/log/epoch_rule.hpp"
#include "events/log/event_log.hpp"
#include "events/model/limits.hpp"
#include "tests/support/record_samples.hpp"

#include <atomic>
#include <future>
#include <gtest/gtest.h>
#include <thread>

/// What every log keeps to. A harness has `log()`, `reopen()` (closes and opens again what is durable; a no-op for memory) and
/// `bool durable`.
namespace reverie::tests {

using events::event_log;
using events::failure_code;
using events::log_offset;
using events::outcome;
using events::partition_number;
using events::record;
using events::record_verdict;
using events::stored_record;

inline std::future<outcome<log_offset>> append_to(event_log& log, partition_number partition, record content) {
  auto promise = std::make_shared<std::promise<outcome<log_offset>>>();
  auto future = promise->get_future();
  log.append(partition, std::move(content), [promise](outcome<log_offset> result) { promise->set_value(std::move(result)); });
  return future;
}

/// Reads `count` records from `from`, waiting for what is not there yet.
inline std::vector<stored_record> read_records(event_log& log, partition_number partition, log_offset from, std::size_t count) {
  std::vector<stored_record> read;
  auto reader = log.reader(partition, from);
  EXPECT_TRUE(reader.has_value());
  while (read.size() < count) {
    auto got = (*reader)->read(read, count - read.size(), std::chrono::seconds{10});
    if (!got || *got == 0) {
      ADD_FAILURE() << (got ? "nothing came" : got.error().message);
      break;
    }
  }
  return read;
}

template <class Harness>
class log_contract : public ::testing::Test {
protected:
  event_log& log() { return harness_.log(); }
  log_offset append(partition_number partition, record content) {
    auto result = append_to(log(), partition, std::move(content)).get();
    EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
    return result.value_or(log_offset{~std::uint64_t{0}});
  }
  void announce(partition_number partition, std::uint64_t epoch, std::uint64_t writer, std::uint64_t sequence) {
    append(partition, announcement(partition, epoch, numbered_uuid(writer), sequence));
  }
  std::vector<record_verdict> verdicts(partition_number partition) {
    events::epoch_rule rule;
    std::vector<record_verdict> all;
    for (const auto& each : read_records(log(), partition, {0}, log().range(partition)->end.value)) all.push_back(rule.admit(each.content));
    return all;
  }

  Harness harness_;
};
TYPED_TEST_SUITE_P(log_contract);

TYPED_TEST_P(log_contract, gives_records_back_whole_and_in_the_order_they_were_appended) {
  record_chain chain(numbered_session(1), 1, numbered_uuid(9));
  std::vector<record> appended;
  std::vector<std::future<outcome<log_offset>>> results;
  for (int i = 0; i < 50; ++i) {
    appended.push_back(chain.message("message " + std::to_string(i)));
    appended.back().headers.cause = events::event_cause{numbered_session(2), {7}};
    results.push_back(append_to(this->log(), {1}, appended.back()));
  }
  for (std::size_t i = 0; i < results.size(); ++i) EXPECT_EQ(results[i].get()->value, i);
  auto read = read_records(this->log(), {1}, {0}, appended.size());
  for (std::size_t i = 0; i < appended.size(); ++i) {
    EXPECT_EQ(read[i].content, appended[i]);
    EXPECT_EQ(read[i].position, (events::log_position{{1}, {i}}));
  }
}

TYPED_TEST_P(log_contract, keeps_what_was_acknowledged_when_it_is_opened_again) {
  record_chain chain(numbered_session(1), 1, numbered_uuid(9));
  auto first = chain.message("kept");
  this->append({2}, first);
  this->harness_.reopen();
  auto second = chain.message("also kept");
  EXPECT_EQ(this->append({2}, second).value, 1U);
  auto read = read_records(this->log(), {2}, {0}, 2);
  EXPECT_EQ(read[0].content, first);
  EXPECT_EQ(read[1].content, second);
  EXPECT_EQ(this->log().range({0})->end.value, 0U);
}

TYPED_TEST_P(log_contract, keeps_each_writers_order_when_many_threads_append) {
  constexpr std::size_t writers = 8, each = 100;
  std::vector<std::thread> threads;
  std::atomic<std::size_t> acknowledged{0};
  for (std::size_t writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&, writer] {
      record_chain chain(numbered_session(writer), 1, numbered_uuid(9));
      std::vector<std::future<outcome<log_offset>>> results;
      for (std::size_t i = 0; i < each; ++i) results.push_back(append_to(this->log(), {0}, chain.message("m")));
      for (auto& result : results) acknowledged += result.get().has_value();
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(acknowledged, writers * each);
  std::map<events::entity_ref, std::uint64_t> next;
  for (const auto& stored : read_records(this->log(), {0}, {0}, writers * each)) {
    EXPECT_EQ(stored.content.headers.first_sequence.value, ++next[stored.content.headers.entity]);
  }
}

TYPED_TEST_P(log_contract, reads_from_any_offset_and_seeks) {
  record_chain chain(numbered_session(1), 1, numbered_uuid(9));
  for (int i = 0; i < 10; ++i) this->append({0}, chain.message(std::to_string(i)));
  auto reader = this->log().reader({0}, {7});
  std::vector<stored_record> read;
  EXPECT_EQ(*(*reader)->read(read, 100, {}), 3U);
  EXPECT_EQ(read.front().position.offset.value, 7U);
  ASSERT_TRUE((*reader)->seek({2}));
  read.clear();
  EXPECT_EQ(*(*reader)->read(read, 2, {}), 2U);
  EXPECT_EQ(read.front().position.offset.value, 2U);
  EXPECT_EQ(*(*reader)->read(read, 1, {}), 1U);
  EXPECT_EQ(read.back().position.offset.value, 4U);
}

TYPED_TEST_P(log_contract, wakes_a_reader_at_the_end_when_a_record_comes) {
  auto reader = this->log().reader({3}, {0});
  auto reading = std::async(std::launch::async, [&] {
    std::vector<stored_record> read;
    auto got = (*reader)->read(read, 10, std::chrono::seconds{20});
    return got.value_or(0);
  });
  record_chain chain(numbered_session(1), 1, numbered_uuid(9));
  auto before = std::chrono::steady_clock::now();
  this->append({3}, chain.message("wake up"));
  EXPECT_EQ(reading.get(), 1U);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{10});
}

TYPED_TEST_P(log_contract, wakes_a_reader_that_is_told_to_return) {
  auto reader = this->log().reader({3}, {0});
  auto reading = std::async(std::launch::async, [&] {
    std::vector<stored_record> read;
    auto got = (*reader)->read(read, 10, std::chrono::seconds{20});
    return got.value_or(99);
  });
  auto before = std::chrono::steady_clock::now();
  (*reader)->wake();
  EXPECT_EQ(reading.get(), 0U);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{10});
}

TYPED_TEST_P(log_contract, answers_at_once_at_the_end_without_waiting) {
  auto reader = this->log().reader({0}, {0});
  std::vector<stored_record> read;
  EXPECT_EQ(*(*reader)->read(read, 10, std::chrono::milliseconds{0}), 0U);
}

TYPED_TEST_P(log_contract, gives_what_is_here_already_and_no_more_when_it_is_not_to_wait_at_all) {
  constexpr std::chrono::milliseconds only_what_is_here{-1};
  record_chain chain(numbered_session(1), 1, numbered_uuid(9));
  for (int i = 0; i < 5; ++i) this->append({0}, chain.message("m"));
  auto reader = this->log().reader({0}, {0}).value();
  std::vector<stored_record> read;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (read.size() < 5 && std::chrono::steady_clock::now() < until) {
    ASSERT_TRUE(reader->read(read, 10, only_what_is_here).has_value());
    std::this_thread::yield();
  }
  ASSERT_EQ(read.size(), 5U) << "what lies in the log comes by itself";
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(read[i].position.offset.value, i);
  EXPECT_EQ(reader->read(read, 10, only_what_is_here).value(), 0U);
}

TYPED_TEST_P(log_contract, refuses_a_record_over_the_limit) {
  auto big = record_chain(numbered_session(1), 1, numbered_uuid(9)).message("x");
  big.value.assign(events::limits::record_bytes, ' ');
  auto result = append_to(this->log(), {0}, big).get();
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, failure_code::too_large);
  EXPECT_EQ(this->log().range({0})->end.value, 0U);
}

TYPED_TEST_P(log_contract, takes_the_largest_record_there_may_be) {
  auto big = record_chain(numbered_session(1), 1, numbered_uuid(9)).message("x");
  big.value.append(events::limits::record_bytes - events::encoded_size(big), ' ');
  this->append({0}, big);
  EXPECT_EQ(read_records(this->log(), {0}, {0}, 1)[0].content, big);
}

TYPED_TEST_P(log_contract, refuses_a_partition_that_is_not_there) {
  auto result = append_to(this->log(), {77}, announcement({77}, 1, numbered_uuid(1), 1)).get();
  EXPECT_EQ(result.error().code, failure_code::not_found);
  EXPECT_EQ(this->log().range({77}).error().code, failure_code::not_found);
  EXPECT_EQ(this->log().reader({77}, {0}).error().code, failure_code::not_found);
}

TYPED_TEST_P(log_contract, answers_stopping_after_it_was_closed) {
  auto content = announcement({0}, 1, numbered_uuid(1), 1);
  this->append({0}, content);
  this->log().close();
  EXPECT_EQ(append_to(this->log(), {0}, content).get().error().code, failure_code::stopping);
}

TYPED_TEST_P(log_contract, counts_only_the_first_of_two_announcements_that_race) {
  this->announce({0}, 1, 11, 1);
  this->announce({0}, 1, 22, 1);
  record_chain winner(numbered_session(1), 1, numbered_uuid(11)), loser(numbered_session(2), 1, numbered_uuid(22));
  this->append({0}, winner.message("counts"));
  this->append({0}, loser.message("never counts"));
  this->announce({0}, 2, 22, 2);
  EXPECT_EQ(this->verdicts({0}), (std::vector{record_verdict::counts, record_verdict::fenced, record_verdict::counts,
                                              record_verdict::fenced, record_verdict::counts}));
}

TYPED_TEST_P(log_contract, lets_every_reader_drop_what_a_zombie_wrote) {
  this->announce({0}, 1, 11, 1);
  record_chain old_owner(numbered_session(1), 1, numbered_uuid(11));
  this->append({0}, old_owner.message("before"));
  this->announce({0}, 2, 22, 2);
  this->append({0}, old_owner.message("a zombie's"));
  EXPECT_EQ(this->verdicts({0}), (std::vector{record_verdict::counts, record_verdict::counts, record_verdict::counts,
                                              record_verdict::fenced}));
}

TYPED_TEST_P(log_contract, lets_every_reader_see_repeated_records_and_gaps) {
  this->announce({0}, 1, 11, 1);
  record_chain chain(numbered_session(1), 1, numbered_uuid(11));
  auto once = chain.message("once");
  this->append({0}, once);
  this->append({0}, once);
  auto missing = chain.message("missing");
  this->append({0}, chain.message("after a gap"));
  this->append({0}, missing);
  EXPECT_EQ(this->verdicts({0}), (std::vector{record_verdict::counts, record_verdict::counts, record_verdict::repeated,
                                              record_verdict::gap, record_verdict::counts}));
}

REGISTER_TYPED_TEST_SUITE_P(log_contract, gives_records_back_whole_and_in_the_order_they_were_appended,
                            keeps_what_was_acknowledged_when_it_is_opened_again, keeps_each_writers_order_when_many_threads_append,
                            reads_from_any_offset_and_seeks, wakes_a_reader_at_the_end_when_a_record_comes,
                            wakes_a_reader_that_is_told_to_return, answers_at_once_at_the_end_without_waiting,
                            gives_what_is_here_already_and_no_more_when_it_is_not_to_wait_at_all,
                            refuses_a_record_over_the_limit, takes_the_largest_record_there_may_be,
                            refuses_a_partition_that_is_not_there, answers_stopping_after_it_was_closed,
                            counts_only_the_first_of_two_announcements_that_race, lets_every_reader_drop_what_a_zombie_wrote,
                            lets_every_reader_see_repeated_records_and_gaps);

} // namespace reverie::tests
