#include "events/rocksdb/rocksdb_log.hpp"
#include "tests/support/record_samples.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <future>

using namespace reverie;
using events::failure_code;
using events::log_offset;
using events::rocksdb_log;

namespace {

events::outcome<log_offset> append(events::event_log& log, events::record content) {
  std::promise<events::outcome<log_offset>> done;
  log.append({0}, std::move(content), [&](events::outcome<log_offset> result) { done.set_value(std::move(result)); });
  return done.get_future().get();
}

std::size_t read_all(events::log_reader& reader, std::size_t wanted) {
  std::vector<events::stored_record> found;
  for (int tries = 0; found.size() < wanted && tries < 100; ++tries)
    EXPECT_TRUE(reader.read(found, 100, std::chrono::seconds(1)));
  return found.size();
}

} // namespace

TEST(rocksdb_log_beside, reads_what_the_owner_has_and_what_it_appends_later) {
  tests::temporary_folder folder;
  auto owner = rocksdb_log::open(folder.path());
  ASSERT_TRUE(owner);
  ASSERT_TRUE(append(**owner, tests::announcement({0}, 1, {}, {1})));
  auto beside = rocksdb_log::open_beside(folder.path());
  ASSERT_TRUE(beside) << beside.error().message;
  auto reader = (*beside)->reader({0}, {0});
  ASSERT_TRUE(reader);
  EXPECT_EQ(read_all(**reader, 1), 1u);
  ASSERT_TRUE(append(**owner, tests::announcement({0}, 2, {}, {2})));
  EXPECT_EQ(read_all(**reader, 1), 1u);
}

TEST(rocksdb_log_beside, appends_nothing) {
  tests::temporary_folder folder;
  auto owner = rocksdb_log::open(folder.path());
  auto beside = rocksdb_log::open_beside(folder.path());
  ASSERT_TRUE(beside);
  auto refused = append(**beside, tests::announcement({0}, 1, {}, {1}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, failure_code::fenced);
}

TEST(rocksdb_log_beside, says_when_there_is_no_log) {
  tests::temporary_folder folder;
  auto beside = rocksdb_log::open_beside(folder.path());
  ASSERT_FALSE(beside);
  EXPECT_EQ(beside.error().code, failure_code::not_found);
}
