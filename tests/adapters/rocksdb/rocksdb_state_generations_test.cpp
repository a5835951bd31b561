#include "events/rocksdb/rocksdb_state_factory.hpp"
#include "tests/adapters/state_store_contract.hpp"
#include "tests/support/temporary_folder.hpp"

#include <fstream>

namespace reverie::tests {

namespace fs = std::filesystem;
using events::failure_code;
using events::kept_generation;
using events::rocksdb_state_factory;

namespace {

constexpr events::partition_number partition{0};
constexpr events::chain_hash last_hash{9};

/// A node with a data folder of its own and the folder that it shares with others.
struct sharing_node {
  explicit sharing_node(const fs::path& shared) {
    events::rocksdb_state_options options;
    options.shared = shared;
    options.code_version = "test";
    options.on_trouble = [this](events::partition_number, const events::failure& why) { troubles.push_back(why); };
    factory = rocksdb_state_factory::open_folder(folder.path(), options).value();
  }
  /// Stands at a place, and gives a generation of it to the others.
  events::outcome<bool> share(std::uint64_t epoch, std::uint64_t next) {
    auto store = factory->open(partition).value();
    state_batch batch;
    batch.blobs = {blob_of(1, "state at " + std::to_string(next), next)};
    batch.applied = events::applied_position{{next}, {{epoch}, {numbered_uuid(epoch)}}};
    EXPECT_TRUE(store->write(std::move(batch)));
    auto made = store->checkpoint(events::from_milliseconds(static_cast<std::int64_t>(next)));
    EXPECT_TRUE(made.has_value());
    return factory->share(partition, *made, last_hash);
  }
  std::vector<kept_generation> shared() {
    auto all = factory->kept(partition).value();
    std::erase_if(all, [](const auto& each) { return each.where != kept_generation::place::shared; });
    return all;
  }
  std::vector<std::uint64_t> places() {
    std::vector<std::uint64_t> all;
    for (const auto& each : shared()) all.push_back(each.manifest.applied.next.value);
    return all;
  }
  std::string state() { return factory->open(partition).value()->load(address_of(1)).value().value().bytes; }

  temporary_folder folder;
  std::vector<events::failure> troubles;
  std::unique_ptr<rocksdb_state_factory> factory;
};

/// Changes a byte in the middle of each table file below.
void damage_tables(const fs::path& below) {
  std::size_t changed = 0;
  for (const auto& entry : fs::recursive_directory_iterator(below)) {
    if (entry.path().extension() != ".sst") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(fs::file_size(entry.path()) / 2));
    file.put('!');
    ++changed;
  }
  ASSERT_GT(changed, 0U);
}

} // namespace

struct rocksdb_state_generations : ::testing::Test {
  temporary_folder shared;
  fs::path of(const kept_generation& generation) const { return shared.path() / "0" / generation.name; }
};

TEST_F(rocksdb_state_generations, a_shared_one_takes_the_place_of_another_nodes_state) {
  sharing_node giver(shared.path()), taker(shared.path());
  EXPECT_TRUE(giver.share(3, 40).value());
  const auto offered = taker.shared();
  ASSERT_EQ(offered.size(), 1U);
  EXPECT_EQ(offered[0].manifest.applied.next.value, 40U);
  EXPECT_EQ(offered[0].manifest.applied.pair, (events::counting_pair{{3}, {numbered_uuid(3)}}));
  EXPECT_EQ(offered[0].manifest.code_version, "test");
  EXPECT_GT(offered[0].manifest.bytes, 0U);
  EXPECT_EQ(offered[0].last_hash, last_hash);
  ASSERT_TRUE(taker.factory->take(partition, offered[0]).has_value());
  EXPECT_EQ(taker.state(), "state at 40");
  EXPECT_EQ(taker.factory->open(partition).value()->applied().value().next.value, 40U);
  EXPECT_TRUE(taker.share(4, 50).value()) << "and goes on from there";
}

TEST_F(rocksdb_state_generations, the_newest_three_are_kept_the_furthest_first) {
  sharing_node node(shared.path());
  for (std::uint64_t next : {10U, 20U, 30U, 40U, 50U}) EXPECT_TRUE(node.share(1, next).value());
  EXPECT_EQ(node.places(), (std::vector<std::uint64_t>{50, 40, 30}));
  std::size_t folders = 0;
  for ([[maybe_unused]] const auto& each : fs::directory_iterator(shared.path() / "0")) ++folders;
  EXPECT_EQ(folders, events::limits::checkpoint_generations) << "and nothing is left lying";
  EXPECT_FALSE(node.share(1, 50).value()) << "the same again is not copied";
}

TEST_F(rocksdb_state_generations, trap_5_that_of_a_node_which_lost_its_partition_takes_nothing_from_newer_epochs) {
  sharing_node zombie(shared.path()), owner(shared.path());
  for (std::uint64_t next : {10U, 20U, 30U}) EXPECT_TRUE(owner.share(2, next).value());
  EXPECT_FALSE(zombie.share(1, 90).value());
  EXPECT_EQ(owner.places(), (std::vector<std::uint64_t>{30, 20, 10}));
}

TEST_F(rocksdb_state_generations, a_damaged_one_is_not_taken_and_the_state_in_place_stays) {
  sharing_node giver(shared.path()), taker(shared.path());
  EXPECT_TRUE(giver.share(1, 10).value());
  EXPECT_TRUE(giver.share(1, 20).value());
  EXPECT_TRUE(taker.share(1, 5).has_value());
  const auto offered = taker.shared();
  ASSERT_EQ(offered.size(), 2U);
  damage_tables(of(offered[0]));
  EXPECT_EQ(taker.factory->take(partition, offered[0]).error().code, failure_code::corrupted);
  EXPECT_EQ(taker.state(), "state at 5");
  EXPECT_TRUE(taker.factory->take(partition, offered[1]).has_value()) << "the one before it";
  EXPECT_EQ(taker.state(), "state at 10");
}

TEST_F(rocksdb_state_generations, one_that_went_or_never_was_whole_is_not_offered) {
  sharing_node giver(shared.path()), taker(shared.path());
  EXPECT_TRUE(giver.share(1, 10).value());
  auto offered = taker.shared();
  ASSERT_EQ(offered.size(), 1U);
  fs::create_directories(shared.path() / "0" / "000000000009-0000000000000090");
  fs::create_directories(shared.path() / "0" / ".making-000000000009-0000000000000090-1");
  std::ofstream(of(offered[0]) / "manifest.json") << "{";
  EXPECT_TRUE(taker.shared().empty());
  fs::remove_all(of(offered[0]));
  EXPECT_FALSE(taker.factory->take(partition, offered[0]).has_value());
  EXPECT_TRUE(giver.share(1, 20).value());
  EXPECT_EQ(taker.places(), (std::vector<std::uint64_t>{20}));
}

TEST_F(rocksdb_state_generations, nothing_is_put_in_place_of_a_state_that_somebody_has_open) {
  sharing_node node(shared.path());
  EXPECT_TRUE(node.share(1, 10).value());
  auto open = node.factory->open(partition).value();
  EXPECT_EQ(node.factory->take(partition, node.shared()[0]).error().code, failure_code::locked);
  EXPECT_EQ(node.factory->begin_anew(partition).error().code, failure_code::locked);
  open.reset();
  EXPECT_TRUE(node.factory->begin_anew(partition).has_value());
  EXPECT_EQ(node.factory->open(partition).value()->applied().value().next.value, 0U);
}

TEST_F(rocksdb_state_generations, an_older_one_of_its_own_can_be_put_in_place) {
  sharing_node node(shared.path());
  for (std::uint64_t next : {10U, 20U}) EXPECT_TRUE(node.share(1, next).value());
  auto all = node.factory->kept(partition).value();
  std::erase_if(all, [](const auto& each) { return each.where != kept_generation::place::local; });
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(node.factory->take(partition, all[1]).has_value());
  EXPECT_EQ(node.state(), "state at 10");
}

TEST_F(rocksdb_state_generations, each_is_looked_at_in_turn_and_dropped_when_it_is_damaged) {
  sharing_node node(shared.path());
  EXPECT_FALSE(node.factory->check_next(partition).value().looked_at.has_value());
  for (std::uint64_t next : {10U, 20U}) EXPECT_TRUE(node.share(1, next).value());
  damage_tables(of(node.shared()[0]));
  std::size_t damaged = 0;
  for (int i = 0; i < 4; ++i) {
    const auto seen = node.factory->check_next(partition).value();
    ASSERT_TRUE(seen.looked_at.has_value());
    if (seen.damage) ++damaged;
  }
  EXPECT_EQ(damaged, 1U);
  EXPECT_EQ(node.places(), (std::vector<std::uint64_t>{10}));
}

TEST_F(rocksdb_state_generations, a_shared_folder_that_is_gone_keeps_no_node_from_its_own_state) {
  sharing_node node(shared.path() / "not mounted");
  EXPECT_FALSE(node.share(1, 10).value_or(false));
  const auto all = node.factory->kept(partition);
  ASSERT_TRUE(all.has_value());
  EXPECT_EQ(node.state(), "state at 10");
}

TEST_F(rocksdb_state_generations, a_node_that_shares_nothing_still_keeps_its_own) {
  sharing_node node({});
  EXPECT_FALSE(node.share(1, 10).value());
  ASSERT_EQ(node.factory->kept(partition).value().size(), 1U);
  EXPECT_TRUE(node.troubles.empty());
}

} // namespace reverie::tests
