#include "events/log/memory_state_store.hpp"

#include "tests/adapters/state_store_contract.hpp"

namespace reverie::tests {

struct memory_state_store_harness {
  events::memory_state_store memory;
  events::state_store& store() { return memory; }
  void reopen() {}
};
INSTANTIATE_TYPED_TEST_SUITE_P(memory, state_store_contract, memory_state_store_harness);

TEST(memory_state_store, falls_back_to_its_newest_checkpoint) {
  events::memory_state_store store;
  ASSERT_TRUE(store.write({.blobs = {blob_of(1, "old")}}));
  store.checkpoint({}).value();
  ASSERT_TRUE(store.write({.blobs = {blob_of(1, "new", 2)}}));
  store.fall_back();
  EXPECT_EQ(store.load(address_of(1)).value()->bytes, "old");
}

TEST(memory_state_store, fails_writes_when_told_to) {
  events::memory_state_store store;
  store.fail_writes(events::failure_code::no_space);
  EXPECT_EQ(store.write({}).error().code, events::failure_code::no_space);
  store.fail_writes(std::nullopt);
  EXPECT_TRUE(store.write({}));
}

} // namespace reverie::tests
