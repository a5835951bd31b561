#include "tests/adapters/kafka/broker.hpp"
#include "tests/adapters/log_contract.hpp"

namespace reverie::tests {

using events::kafka_log;

namespace {

record_chain chain_of(std::uint64_t session) { return record_chain(numbered_session(session), 1, numbered_uuid(9)); }

std::string kcat(const std::string& topic, const std::string& arguments) {
  return output_of("kcat -b " + broker::of_this_program().list() + " -t " + topic + " " + arguments);
}

} // namespace

TEST(kafka_log, shows_headers_and_json_to_kcat) {
  auto options = log_options(fresh_topic());
  auto log = kafka_log::open(options).value();
  auto content = chain_of(5).message("good morning");
  ASSERT_TRUE(append_to(*log, {1}, content).get().has_value());
  auto shown = kcat(options.cluster.topic, "-C -p 1 -o beginning -e -q -f 'p=%p o=%o key=%k [%h] %s\\n'");
  EXPECT_TRUE(shown.starts_with("p=1 o=0 key=00000000-0000-0000-0000-000000000005 [format=1,epoch=1,writer=00000000-0000-0000-0000-000000000009,"
                                "entity=session/00000000-0000-0000-0000-000000000005,first_sequence=1,types=session.message_sent/1,command="))
      << shown;
  EXPECT_TRUE(shown.ends_with("] " + content.value)) << shown;
  EXPECT_NE(shown.find("good morning"), std::string::npos);
}

TEST(kafka_log, names_a_message_that_somebody_else_wrote_into_the_topic) {
  auto options = log_options(fresh_topic());
  auto log = kafka_log::open(options).value();
  auto chain = chain_of(5);
  ASSERT_TRUE(append_to(*log, {1}, chain.message("ours")).get().has_value());
  output_of("echo not ours | kcat -P -b " + broker::of_this_program().list() + " -t " + options.cluster.topic + " -p 1");
  auto reader = log->reader({1}, {0}).value();
  std::vector<stored_record> read;
  while (read.empty()) ASSERT_TRUE(reader->read(read, 10, std::chrono::seconds{10}).has_value());
  auto foreign = reader->read(read, 10, std::chrono::seconds{10});
  ASSERT_FALSE(foreign.has_value());
  EXPECT_EQ(foreign.error().code, failure_code::corrupted);
  EXPECT_EQ(foreign.error().message, "record 1:1 is no record of this log: header 'format' is missing");
}

TEST(kafka_log, lets_several_readers_of_a_partition_read_side_by_side_and_keeps_their_consumers) {
  auto log = kafka_log::open(log_options(fresh_topic())).value();
  auto chain = chain_of(5);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(append_to(*log, {0}, chain.message("m")).get().has_value());
  for (int again = 0; again < 2; ++again) {
    std::vector<std::unique_ptr<events::log_reader>> readers;
    for (std::uint64_t from = 0; from < 3; ++from) readers.push_back(log->reader({0}, {from}).value());
    readers.push_back(log->reader({1}, {0}).value());
    for (std::uint64_t from = 0; from < 3; ++from) {
      std::vector<stored_record> read;
      EXPECT_EQ(readers[from]->read(read, 10, std::chrono::milliseconds{0}).value(), 5 - from);
      EXPECT_EQ(read.front().position.offset.value, from);
    }
    std::vector<stored_record> none;
    EXPECT_EQ(readers.back()->read(none, 10, std::chrono::milliseconds{0}).value(), 0U);
    EXPECT_EQ(log->consumers(), 3U);
  }
}

TEST(kafka_log, refuses_more_readers_of_a_partition_than_it_has_consumers) {
  auto log = kafka_log::open(log_options(fresh_topic())).value();
  std::vector<std::unique_ptr<events::log_reader>> readers;
  for (std::size_t i = 0; i < events::kafka_lanes::lanes_max; ++i) readers.push_back(log->reader({0}, {0}).value());
  EXPECT_EQ(log->reader({0}, {0}).error().code, failure_code::overloaded);
  EXPECT_TRUE(log->reader({1}, {0}).has_value());
  readers.pop_back();
  EXPECT_TRUE(log->reader({0}, {0}).has_value());
}

TEST(kafka_log, says_that_a_place_after_its_end_can_not_be_waited_for) {
  auto log = kafka_log::open(log_options(fresh_topic())).value();
  ASSERT_TRUE(append_to(*log, {0}, chain_of(5).message("only")).get().has_value());
  auto reader = log->reader({0}, {40}).value();
  std::vector<stored_record> read;
  auto beyond = reader->read(read, 10, std::chrono::seconds{10});
  ASSERT_FALSE(beyond.has_value());
  EXPECT_EQ(beyond.error().code, failure_code::corrupted);
  EXPECT_NE(beyond.error().message.find("the log ends at 1"), std::string::npos) << beyond.error().message;
}

TEST(kafka_log, answers_what_waits_before_it_is_closed) {
  auto log = kafka_log::open(log_options(fresh_topic())).value();
  auto chain = chain_of(5);
  std::vector<std::future<outcome<log_offset>>> results;
  for (int i = 0; i < 200; ++i) results.push_back(append_to(*log, {0}, chain.message("m")));
  log->close();
  for (auto& each : results) {
    ASSERT_EQ(each.wait_for(std::chrono::seconds{0}), std::future_status::ready);
    EXPECT_TRUE(each.get().has_value());
  }
}

} // namespace reverie::tests
