#include "events/rocksdb/rocksdb_log.hpp"

#include "events/replay/log_replay.hpp"
#include "events/rocksdb/log_layout.hpp"
#include "tests/adapters/log_contract.hpp"
#include "tests/support/temporary_folder.hpp"

#include <fstream>
#include <rocksdb/db.h>

namespace reverie::tests {

namespace fs = std::filesystem;
using events::rocksdb_log;

struct rocksdb_log_test : ::testing::Test {
  /// Changes the stored value of a record behind the log's back.
  void tamper(events::log_position place, const std::function<void(std::string&)>& change) {
    rocksdb::DB* raw = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, (folder.path() / "records").string(), &raw).ok());
    std::unique_ptr<rocksdb::DB> database(raw);
    auto key = events::log_layout::key_of(place);
    std::string value;
    ASSERT_TRUE(database->Get({}, key, &value).ok());
    change(value);
    if (value.empty()) ASSERT_TRUE(database->Delete({}, key).ok());
    else ASSERT_TRUE(database->Put({}, key, value).ok());
  }
  void append(rocksdb_log& log, const record& content) { ASSERT_TRUE(append_to(log, {0}, content).get().has_value()); }
  void fill(std::size_t messages) {
    auto log = rocksdb_log::open(folder.path()).value();
    append(*log, announcement({0}, 1, numbered_uuid(9), 1));
    for (std::size_t i = 0; i < messages; ++i) append(*log, chain.message("message " + std::to_string(i)));
  }

  temporary_folder folder;
  record_chain chain{numbered_session(1), 1, numbered_uuid(9)};
};

TEST_F(rocksdb_log_test, writes_what_queues_up_during_a_sync_as_one_batch) {
  auto log = rocksdb_log::open(folder.path()).value();
  constexpr std::size_t appends = 2000;
  std::vector<std::future<outcome<log_offset>>> results;
  for (std::size_t i = 0; i < appends; ++i) results.push_back(append_to(*log, {static_cast<std::uint32_t>(i % 4)}, chain.message("m")));
  for (auto& result : results) ASSERT_TRUE(result.get().has_value());
  EXPECT_LT(log->batches_written(), appends);
  RecordProperty("syncs", static_cast<int>(log->batches_written()));
}

TEST_F(rocksdb_log_test, is_locked_while_another_one_has_the_folder) {
  auto log = rocksdb_log::open(folder.path()).value();
  EXPECT_EQ(rocksdb_log::open(folder.path()).error().code, failure_code::locked);
  log.reset();
  EXPECT_TRUE(rocksdb_log::open(folder.path()).has_value());
}

TEST_F(rocksdb_log_test, keeps_its_own_number_of_partitions) {
  EXPECT_EQ(rocksdb_log::open(folder.path(), {.partitions = 3}).value()->partitions(), 3U);
  EXPECT_EQ(rocksdb_log::open(folder.path(), {.partitions = 8}).value()->partitions(), 3U);
}

TEST_F(rocksdb_log_test, finds_a_changed_byte_by_checksum_names_the_record_and_does_not_skip_it) {
  fill(5);
  tamper({{0}, {3}}, [](std::string& value) { value[value.size() - 5] ^= 1; });
  auto log = rocksdb_log::open(folder.path()).value();
  auto reader = log->reader({0}, {0});
  std::vector<stored_record> read;
  EXPECT_EQ(*(*reader)->read(read, 100, {}), 3U);
  for (int again = 0; again < 2; ++again) {
    auto bad = (*reader)->read(read, 100, {});
    ASSERT_FALSE(bad.has_value());
    EXPECT_EQ(bad.error().code, failure_code::corrupted);
    EXPECT_NE(bad.error().message.find("0:3"), std::string::npos);
  }
  ASSERT_TRUE((*reader)->seek({4}));
  EXPECT_EQ(*(*reader)->read(read, 100, {}), 2U);
}

TEST_F(rocksdb_log_test, finds_a_record_that_is_missing_in_the_middle) {
  fill(5);
  tamper({{0}, {2}}, [](std::string& value) { value.clear(); });
  auto log = rocksdb_log::open(folder.path()).value();
  auto reader = log->reader({0}, {0});
  std::vector<stored_record> read;
  EXPECT_EQ(*(*reader)->read(read, 100, {}), 2U);
  EXPECT_EQ((*reader)->read(read, 100, {}).error().message, "record 0:2 is missing");
}

TEST_F(rocksdb_log_test, finds_a_record_that_lies_in_anothers_place) {
  fill(5);
  std::string other;
  tamper({{0}, {2}}, [&](std::string& value) { other = value; });
  tamper({{0}, {3}}, [&](std::string& value) { value = other; });
  auto log = rocksdb_log::open(folder.path()).value();
  auto reader = log->reader({0}, {3});
  std::vector<stored_record> read;
  EXPECT_EQ((*reader)->read(read, 100, {}).error().code, failure_code::corrupted);
}

TEST_F(rocksdb_log_test, cuts_a_torn_tail_off_that_was_never_acknowledged) {
  fill(5);
  for (const auto& entry : fs::directory_iterator(folder.path() / "records")) {
    if (entry.path().extension() != ".log") continue;
    std::ofstream(entry.path(), std::ios::binary | std::ios::app) << std::string("\x12\x34\x56\x78\xff\x00\x01torn", 11);
  }
  auto log = rocksdb_log::open(folder.path());
  ASSERT_TRUE(log.has_value()) << log.error().message;
  EXPECT_EQ((*log)->range({0})->end.value, 6U);
  append(**log, chain.message("after"));
  EXPECT_EQ(read_records(**log, {0}, {0}, 7).size(), 7U);
}

TEST_F(rocksdb_log_test, does_not_open_in_silence_over_damage_before_the_tail) {
  fill(50);
  for (const auto& entry : fs::directory_iterator(folder.path() / "records")) {
    if (entry.path().extension() != ".log") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(fs::file_size(entry.path()) / 2));
    file.write("damage", 6);
  }
  auto log = rocksdb_log::open(folder.path());
  ASSERT_FALSE(log.has_value());
  EXPECT_EQ(log.error().code, failure_code::corrupted);
}

TEST_F(rocksdb_log_test, reports_the_exact_place_of_damage_when_it_is_verified) {
  fill(10);
  tamper({{0}, {4}}, [](std::string& value) { value[value.size() - 5] ^= 1; });
  auto log = rocksdb_log::open(folder.path()).value();
  auto report = events::replay_log(*log, events::replay_options{}, 2, {}).value();
  ASSERT_TRUE(report.first_difference.has_value());
  EXPECT_EQ(report.first_difference->position, (events::log_position{{0}, {4}}));
  EXPECT_EQ(report.records, 4U);
  EXPECT_EQ(report.gaps, 6U);
}

TEST_F(rocksdb_log_test, answers_overloaded_over_its_bounded_queue) {
  auto log = rocksdb_log::open(folder.path()).value();
  auto big = chain.message("x");
  big.value.append(4 * 1024 * 1024, ' ');
  std::atomic<std::size_t> refused{0}, good{0};
  constexpr std::size_t appends = 40;
  std::promise<void> all;
  for (std::size_t i = 0; i < appends; ++i) {
    log->append({0}, big, [&](outcome<log_offset> result) {
      if (result) ++good;
      else if (result.error().code == failure_code::overloaded && result.error().retry_after) ++refused;
      if (good + refused == appends) all.set_value();
    });
  }
  all.get_future().wait();
  EXPECT_GT(refused, 0U);
  EXPECT_EQ(log->range({0})->end.value, good);
}

} // namespace reverie::tests
