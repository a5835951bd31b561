#include "events/rocksdb/rocksdb_state_factory.hpp"
#include "events/rocksdb/state_checkpoints.hpp"
#include "events/rocksdb/state_database.hpp"
#include "tests/adapters/state_store_contract.hpp"
#include "tests/support/temporary_folder.hpp"

#include <fstream>

namespace reverie::tests {

namespace fs = std::filesystem;
using events::failure_code;
using events::rocksdb_state_factory;

struct rocksdb_state_harness {
  temporary_folder folder;
  std::unique_ptr<rocksdb_state_factory> factory = rocksdb_state_factory::open_folder(folder.path()).value();
  std::shared_ptr<events::state_store> opened = factory->open({0}).value();

  events::state_store& store() { return *opened; }
  void reopen() {
    opened.reset();
    opened = factory->open({0}).value();
  }
};
INSTANTIATE_TYPED_TEST_SUITE_P(rocksdb, state_store_contract, rocksdb_state_harness);

struct rocksdb_state_store : ::testing::Test {
  rocksdb_state_store() { start(); }
  void start() {
    events::rocksdb_state_options options;
    options.code_version = "test";
    options.on_fallback = [this](const events::state_fallback& fallback) { fallbacks.push_back(fallback); };
    factory = rocksdb_state_factory::open_folder(folder.path(), options).value();
    store = factory->open({0}).value();
  }
  void stop() {
    store.reset();
    factory.reset();
  }
  void write(std::uint64_t number) {
    state_batch batch;
    batch.blobs = {blob_of(1, "state " + std::to_string(number), number)};
    batch.applied = events::applied_position{{number}, {}};
    ASSERT_TRUE(store->write(std::move(batch)));
  }
  std::uint64_t applied() { return store->applied().value().next.value; }
  fs::path partition() const { return folder.path() / "0"; }
  static void damage(const fs::path& in, const std::string& ending) {
    for (const auto& entry : fs::directory_iterator(in)) {
      if (!entry.path().filename().string().ends_with(ending)) continue;
      std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(20);
      file.write("damage", 6);
    }
  }

  temporary_folder folder;
  std::vector<events::state_fallback> fallbacks;
  std::unique_ptr<rocksdb_state_factory> factory;
  std::shared_ptr<events::state_store> store;
};

TEST_F(rocksdb_state_store, gives_the_same_store_while_it_is_open) {
  EXPECT_EQ(factory->open({0}).value(), store);
  EXPECT_NE(factory->open({1}).value(), store);
}

TEST_F(rocksdb_state_store, is_locked_for_a_second_holder_of_the_folder) {
  EXPECT_EQ(rocksdb_state_factory::open_folder(folder.path()).error().code, failure_code::locked);
}

TEST_F(rocksdb_state_store, falls_back_to_the_newest_checkpoint_when_its_files_are_damaged) {
  write(1);
  auto made = store->checkpoint({}).value();
  EXPECT_EQ(made.code_version, "test");
  EXPECT_GT(made.bytes, 0U);
  write(2);
  stop();
  damage(partition() / "current", "CURRENT");
  fs::remove(partition() / "current" / "CURRENT");
  std::ofstream(partition() / "current" / "CURRENT") << "MANIFEST-999999\n";
  start();
  ASSERT_EQ(fallbacks.size(), 1U);
  EXPECT_EQ(fallbacks[0].generation, 1U);
  EXPECT_EQ(applied(), 1U);
  EXPECT_EQ(store->load(address_of(1)).value()->bytes, "state 1");
  write(3);
  EXPECT_EQ(store->checkpoint({}).value().generation, 2U);
}

TEST_F(rocksdb_state_store, skips_a_checkpoint_that_is_damaged_as_well) {
  write(1);
  store->checkpoint({}).value();
  write(2);
  store->checkpoint({}).value();
  stop();
  std::ofstream(partition() / "current" / "CURRENT") << "rubbish";
  damage(partition() / "checkpoints" / "000000000002", "CURRENT");
  std::ofstream(partition() / "checkpoints" / "000000000002" / "CURRENT") << "rubbish";
  start();
  ASSERT_EQ(fallbacks.size(), 1U);
  EXPECT_EQ(fallbacks[0].generation, 1U);
  EXPECT_EQ(applied(), 1U);
}

TEST_F(rocksdb_state_store, begins_empty_when_nothing_is_left) {
  write(1);
  stop();
  std::ofstream(partition() / "current" / "CURRENT") << "rubbish";
  start();
  ASSERT_EQ(fallbacks.size(), 1U);
  EXPECT_FALSE(fallbacks[0].generation.has_value());
  EXPECT_EQ(applied(), 0U);
  write(1);
  EXPECT_EQ(applied(), 1U);
}

TEST_F(rocksdb_state_store, falls_back_after_damage_was_met_while_reading) {
  write(1);
  store->checkpoint({}).value();
  write(2);
  store->checkpoint({}).value(); // writes the second state into a table file of its own
  stop();
  // Tables are shared with the checkpoints: give `current` copies of its own to damage.
  for (const auto& entry : fs::directory_iterator(partition() / "current")) {
    if (entry.path().extension() != ".sst") continue;
    auto copy = entry.path();
    copy += ".copy";
    fs::copy_file(entry.path(), copy);
    fs::rename(copy, entry.path());
  }
  damage(partition() / "current", ".sst");
  start();
  if (fallbacks.empty()) {
    auto read = store->load(address_of(1));
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().code, failure_code::corrupted);
    stop();
    start();
  }
  ASSERT_EQ(fallbacks.size(), 1U);
  EXPECT_EQ(fallbacks[0].generation, 2U);
  EXPECT_EQ(store->load(address_of(1)).value()->bytes, "state 2");
}

TEST_F(rocksdb_state_store, does_not_touch_a_state_that_another_build_made) {
  write(1);
  stop();
  {
    auto memory = events::state_memory::of(1 << 20, 1 << 20);
    auto raw = events::state_database::open(partition() / "current", memory).value();
    ASSERT_TRUE(raw->database().Put({}, "layout_version", "99").ok());
  }
  factory = rocksdb_state_factory::open_folder(folder.path()).value();
  EXPECT_EQ(factory->open({0}).error().code, failure_code::unknown_version);
}

TEST_F(rocksdb_state_store, takes_no_notice_of_a_checkpoint_that_a_crash_cut_short) {
  write(1);
  store->checkpoint({}).value();
  fs::create_directories(partition() / "checkpoints" / "000000000007");
  EXPECT_EQ(store->checkpoints().value().size(), 1U);
  EXPECT_EQ(store->checkpoint({}).value().generation, 8U);
  EXPECT_FALSE(fs::exists(partition() / "checkpoints" / "000000000007"));
}

TEST(state_database, many_partitions_with_little_in_them_leave_room_in_the_memory_they_share) {
  constexpr std::size_t shared_bytes = 48 * 1024 * 1024, partitions = 16;
  temporary_folder folder;
  auto memory = events::state_memory::of(64 * 1024 * 1024, shared_bytes);
  std::vector<std::unique_ptr<events::state_database>> open;
  for (std::size_t i = 0; i < partitions; ++i) {
    open.push_back(events::state_database::open(folder.path() / std::to_string(i), memory).value());
    for (std::size_t family = 0; family < events::state_family_names.size(); ++family)
      ASSERT_TRUE(open.back()->database().Put({}, open.back()->family(static_cast<events::state_family>(family)), "key", "value").ok());
  }
  EXPECT_LT(memory.write_buffers->memory_usage(), shared_bytes / 4) << "over seven eighths each write is followed by a file";
}

TEST(state_checkpoints, linking_a_generation_flushes_nothing_and_takes_what_is_not_flushed_along) {
  temporary_folder folder;
  const auto memory = events::state_memory::of(8 * 1024 * 1024, 8 * 1024 * 1024);
  events::state_checkpoints generations(folder.path());
  {
    auto opened = events::state_database::open(generations.current(), memory).value();
    auto& database = opened->database();
    ASSERT_TRUE(database.Put({}, "flushed", "1").ok());
    ASSERT_TRUE(opened->flush().ok());
    ASSERT_TRUE(database.Put({}, "not flushed", "2").ok());
    const auto generation = generations.link(database).value();
    std::uint64_t in_memory = 0;
    ASSERT_TRUE(database.GetIntProperty("rocksdb.num-entries-active-mem-table", &in_memory));
    EXPECT_EQ(in_memory, 1U) << "a flush would hold writers back";
    ASSERT_TRUE(database.Put({}, "later", "3").ok());
    events::checkpoint_manifest manifest;
    manifest.generation = generation;
    ASSERT_TRUE(generations.finish(manifest));
  }
  ASSERT_TRUE(generations.restore_newest_good().value().has_value());
  auto again = events::state_database::open(generations.current(), memory).value();
  std::string value;
  EXPECT_TRUE(again->database().Get({}, "flushed", &value).ok());
  EXPECT_TRUE(again->database().Get({}, "not flushed", &value).ok());
  EXPECT_TRUE(again->database().Get({}, "later", &value).IsNotFound());
}

} // namespace reverie::tests
