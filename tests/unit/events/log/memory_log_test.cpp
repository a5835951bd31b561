#include "events/log/memory_log.hpp"

#include "tests/adapters/log_contract.hpp"

namespace reverie::tests {

struct memory_log_harness {
  events::memory_log memory{4};
  event_log& log() { return memory; }
  void reopen() {}
};
INSTANTIATE_TYPED_TEST_SUITE_P(memory, log_contract, memory_log_harness);

using events::memory_log;

struct memory_log_faults_test : ::testing::Test {
  memory_log log{4};
  record_chain chain{numbered_session(1), 1, numbered_uuid(9)};
  std::uint64_t stored() { return log.range({0})->end.value; }
};

TEST_F(memory_log_faults_test, holds_an_acknowledgement_back_until_it_is_released) {
  log.next_append_meets(memory_log::fault::delay_acknowledgement);
  auto result = append_to(log, {0}, chain.message("stored"));
  EXPECT_EQ(stored(), 1U);
  EXPECT_EQ(log.delayed(), 1U);
  log.release();
  EXPECT_EQ(result.get()->value, 0U);
}

TEST_F(memory_log_faults_test, keeps_the_order_of_records_in_flight) {
  log.next_append_meets(memory_log::fault::delay_record);
  auto first = append_to(log, {0}, chain.message("first"));
  auto second = append_to(log, {0}, chain.message("second"));
  EXPECT_EQ(stored(), 0U);
  log.release();
  EXPECT_EQ(first.get()->value, 0U);
  EXPECT_EQ(second.get()->value, 1U);
}

TEST_F(memory_log_faults_test, delivers_late_what_a_reset_writer_left_in_flight) {
  log.next_append_meets(memory_log::fault::delay_record);
  auto lost = append_to(log, {0}, chain.message("late"));
  ASSERT_TRUE(log.reset_writer({0}));
  EXPECT_EQ(lost.get().error().code, failure_code::outcome_unknown);
  append_to(log, {0}, announcement({0}, 1, numbered_uuid(10), 1)).get();
  log.release();
  EXPECT_EQ(stored(), 2U);
  EXPECT_EQ(read_records(log, {0}, {1}, 1)[0].content.headers.writer.value, numbered_uuid(9));
}

TEST_F(memory_log_faults_test, loses_an_acknowledgement_with_the_record_stored_or_not) {
  log.next_append_meets(memory_log::fault::lose_acknowledgement);
  log.next_append_meets(memory_log::fault::lose_record);
  EXPECT_EQ(append_to(log, {0}, chain.message("stored")).get().error().code, failure_code::outcome_unknown);
  EXPECT_EQ(stored(), 1U);
  EXPECT_EQ(append_to(log, {0}, chain.message("lost")).get().error().code, failure_code::outcome_unknown);
  EXPECT_EQ(stored(), 1U);
}

TEST_F(memory_log_faults_test, stores_a_record_twice_when_told_to) {
  log.next_append_meets(memory_log::fault::duplicate);
  EXPECT_EQ(append_to(log, {0}, chain.message("twice")).get()->value, 0U);
  EXPECT_EQ(stored(), 2U);
}

TEST_F(memory_log_faults_test, names_a_corrupted_record_and_stays_before_it) {
  append_to(log, {0}, chain.message("good")).get();
  append_to(log, {0}, chain.message("bad")).get();
  log.corrupt({{0}, {1}});
  auto reader = log.reader({0}, {0});
  std::vector<stored_record> read;
  EXPECT_EQ(*(*reader)->read(read, 10, {}), 1U);
  for (int again = 0; again < 2; ++again) {
    auto bad = (*reader)->read(read, 10, {});
    ASSERT_FALSE(bad.has_value());
    EXPECT_EQ(bad.error().code, failure_code::corrupted);
    EXPECT_NE(bad.error().message.find("0:1"), std::string::npos);
  }
}

TEST_F(memory_log_faults_test, gives_the_same_faults_for_the_same_seed) {
  auto run = [](std::uint64_t seed) {
    memory_log faulty(1, {.seed = seed, .duplicate = 0.2, .lose_acknowledgement = 0.2, .lose_record = 0.2});
    record_chain mine(numbered_session(1), 1, numbered_uuid(9));
    std::vector<bool> acknowledged;
    for (int i = 0; i < 100; ++i) acknowledged.push_back(append_to(faulty, {0}, mine.message("x")).get().has_value());
    return std::pair{acknowledged, faulty.range({0})->end.value};
  };
  EXPECT_EQ(run(7), run(7));
  EXPECT_NE(run(7), run(8));
}

TEST_F(memory_log_faults_test, answers_overloaded_over_its_bounded_queue) {
  log.next_append_meets(memory_log::fault::delay_record);
  auto content = chain.message("x");
  std::size_t refused = 0;
  for (std::size_t i = 0; i <= events::limits::append_queue_records; ++i) {
    log.append({0}, content, [&](outcome<log_offset> result) {
      if (result) return;
      EXPECT_EQ(result.error().code, failure_code::overloaded);
      EXPECT_TRUE(result.error().retry_after.has_value());
      ++refused;
    });
  }
  EXPECT_EQ(refused, 1U);
}

} // namespace reverie::tests
