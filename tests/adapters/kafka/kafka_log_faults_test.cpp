#include "tests/adapters/kafka/broker.hpp"
#include "tests/adapters/log_contract.hpp"

#include <fstream>

namespace reverie::tests {

using events::kafka_log;

namespace {

constexpr std::chrono::milliseconds short_deadline{700};

record_chain chain_of(std::uint64_t session) { return record_chain(numbered_session(session), 1, numbered_uuid(9)); }

/// The broker answers again when this goes.
struct frozen_broker {
  frozen_broker() { broker::of_this_program().freeze(true); }
  ~frozen_broker() { broker::of_this_program().freeze(false); }
};

} // namespace

TEST(kafka_log, trap_1_answers_timed_out_at_its_own_deadline_and_appends_again_with_a_fresh_writer) {
  auto options = log_options(fresh_topic());
  options.append_deadline = short_deadline;
  auto log = kafka_log::open(options).value();
  auto chain = chain_of(1);
  // The first record of a topic that was just made may take longer than that on a busy machine.
  outcome<log_offset> before = events::fail(failure_code::unavailable, "");
  for (int tries = 0; !before && tries < 30; ++tries) before = append_to(*log, {0}, chain.message("before")).get();
  ASSERT_TRUE(before.has_value());
  {
    frozen_broker frozen;
    auto began = std::chrono::steady_clock::now();
    auto lost = append_to(*log, {0}, chain.message("lost")).get();
    auto took = std::chrono::steady_clock::now() - began;
    ASSERT_FALSE(lost.has_value());
    EXPECT_EQ(lost.error().code, failure_code::timed_out);
    EXPECT_GE(took, short_deadline);
    EXPECT_LT(took, std::chrono::seconds{30}) << "the producer's own is of minutes";
  }
  ASSERT_TRUE(log->reset_writer({0}).has_value());
  outcome<log_offset> after = events::fail(failure_code::unavailable, "");
  for (int tries = 0; !after && tries < 30; ++tries) after = append_to(*log, {0}, chain.message("after")).get();
  ASSERT_TRUE(after.has_value());
  // "lost" may have come, once or more, before it: that is for the epoch rule. What was acknowledged is where it was said to be.
  EXPECT_NE(read_records(*log, {0}, *after, 1)[0].content.value.find("\"after\""), std::string::npos);
}

TEST(kafka_log, forgets_only_the_appends_of_the_partition_whose_writer_is_made_anew) {
  auto log = kafka_log::open(log_options(fresh_topic())).value();
  auto chain = chain_of(1), other = chain_of(2);
  ASSERT_TRUE(append_to(*log, {0}, chain.message("0")).get().has_value());
  ASSERT_TRUE(append_to(*log, {1}, other.message("0")).get().has_value());
  std::future<outcome<log_offset>> forgotten, kept;
  {
    frozen_broker frozen;
    forgotten = append_to(*log, {0}, chain.message("1"));
    kept = append_to(*log, {1}, other.message("1"));
    ASSERT_TRUE(log->reset_writer({0}).has_value());
    ASSERT_EQ(forgotten.wait_for(std::chrono::seconds{5}), std::future_status::ready);
    EXPECT_EQ(forgotten.get().error().code, failure_code::outcome_unknown);
    EXPECT_EQ(kept.wait_for(std::chrono::seconds{0}), std::future_status::timeout);
  }
  EXPECT_TRUE(kept.get().has_value());
}

TEST(kafka_log, refuses_more_appends_than_its_queue_holds_and_takes_them_again_later) {
  auto log = kafka_log::open(log_options(fresh_topic())).value();
  auto chain = chain_of(1);
  auto big = chain.message("x");
  ASSERT_TRUE(append_to(*log, {0}, big).get().has_value());
  big.value.append(4 * 1024 * 1024, ' ');
  std::vector<std::future<outcome<log_offset>>> taken;
  {
    frozen_broker frozen;
    for (;;) {
      auto one = append_to(*log, {0}, big);
      if (one.wait_for(std::chrono::seconds{0}) == std::future_status::ready) {
        auto refused = one.get();
        ASSERT_FALSE(refused.has_value());
        EXPECT_EQ(refused.error().code, failure_code::overloaded);
        EXPECT_TRUE(refused.error().retry_after.has_value());
        break;
      }
      taken.push_back(std::move(one));
      ASSERT_LE(taken.size() * 4, events::limits::append_queue_bytes >> 20);
    }
  }
  EXPECT_EQ(taken.size(), 15U);
  for (auto& each : taken) EXPECT_TRUE(each.get().has_value());
  EXPECT_TRUE(append_to(*log, {0}, chain.message("room again")).get().has_value());
}

TEST(kafka_log, keeps_what_was_acknowledged_through_kill_9_of_the_broker_and_goes_on_by_itself) {
  auto options = log_options(fresh_topic());
  options.append_deadline = std::chrono::minutes{1}; // a broker takes its time to come back on a busy machine
  auto log = kafka_log::open(options).value();
  auto chain = chain_of(1);
  std::vector<record> appended;
  auto reader = log->reader({0}, {0}).value();
  std::vector<stored_record> read;
  for (int i = 0; i < 20; ++i) {
    appended.push_back(chain.message(std::to_string(i)));
    ASSERT_TRUE(append_to(*log, {0}, appended.back()).get().has_value());
  }
  while (read.size() < 20) ASSERT_GT(reader->read(read, 100, std::chrono::seconds{10}).value_or(0), 0U);
  broker::of_this_program().kill();
  appended.push_back(chain.message("while it is down"));
  auto waiting = append_to(*log, {0}, appended.back());
  broker::of_this_program().start();
  outcome<log_offset> stored = waiting.get();
  ASSERT_TRUE(stored.has_value()) << stored.error().message;
  appended.push_back(chain.message("after"));
  ASSERT_TRUE(append_to(*log, {0}, appended.back()).get().has_value());
  while (read.size() < appended.size()) {
    auto got = reader->read(read, 100, std::chrono::seconds{10});
    ASSERT_TRUE(got.has_value() && *got > 0) << (got ? "nothing came" : got.error().message);
  }
  for (std::size_t i = 0; i < appended.size(); ++i) EXPECT_EQ(read[i].content, appended[i]);
  EXPECT_EQ(log->range({0})->end.value, appended.size());
}

TEST(kafka_log, trap_3_answers_without_waiting_that_it_does_not_know_when_nobody_says_where_the_log_ends) {
  auto log = kafka_log::open(log_options(fresh_topic())).value();
  ASSERT_TRUE(append_to(*log, {0}, chain_of(1).message("there")).get().has_value());
  auto reader = log->reader({0}, {0}).value();
  std::vector<stored_record> read;
  {
    frozen_broker frozen;
    EXPECT_EQ(reader->read(read, 1, std::chrono::milliseconds{0}).error().code, failure_code::unavailable);
    EXPECT_EQ(log->range({0}).error().code, failure_code::unavailable);
  }
  EXPECT_EQ(reader->read(read, 1, std::chrono::seconds{30}).value(), 1U);
}

TEST(kafka_log, names_a_record_whose_bytes_were_damaged_on_the_brokers_disk) {
  auto topic = fresh_topic();
  auto chain = chain_of(1);
  {
    auto log = kafka_log::open(log_options(topic)).value();
    for (auto text : {"whole", "damaged by the test", "whole again"}) ASSERT_TRUE(append_to(*log, {2}, chain.message(text)).get().has_value());
  }
  auto& kafka = broker::of_this_program();
  kafka.stop();
  {
    std::fstream file(kafka.segment(topic, 2), std::ios::in | std::ios::out | std::ios::binary);
    ASSERT_TRUE(file.is_open());
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    auto place = bytes.find("damaged by the test");
    ASSERT_NE(place, std::string::npos);
    file.clear();
    file.seekp(static_cast<std::streamoff>(place));
    file.put('D');
  }
  kafka.start();
  auto log = kafka_log::open(log_options(topic)).value();
  auto reader = log->reader({2}, {0}).value();
  std::vector<stored_record> read;
  ASSERT_EQ(reader->read(read, 10, std::chrono::seconds{10}).value_or(0), 1U);
  for (int again = 0; again < 2; ++again) {
    auto damaged = reader->read(read, 10, std::chrono::seconds{10});
    // A broker that has just started on a busy machine may not answer in time: that passes by itself.
    for (int late = 0; late < 5 && !damaged && damaged.error().code == failure_code::unavailable; ++late)
      damaged = reader->read(read, 10, std::chrono::seconds{10});
    ASSERT_FALSE(damaged.has_value());
    EXPECT_EQ(damaged.error().code, failure_code::corrupted) << damaged.error().message;
    EXPECT_NE(damaged.error().message.find("record 2:1 "), std::string::npos) << damaged.error().message;
  }
  ASSERT_TRUE(reader->seek({2}).has_value());
  EXPECT_EQ(reader->read(read, 10, std::chrono::seconds{10}).value_or(0), 1U);
}

} // namespace reverie::tests
