#include "events/vault/memory_wrapped_key_store.hpp"
#include "projections/postgres/postgres_account_store.hpp"
#include "projections/postgres/postgres_wrapped_key_store.hpp"
#include "tests/adapters/account_store_contract.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/record_samples.hpp"

namespace reverie::tests {
namespace {

/// Held to the same contract as the twin in memory.
struct postgres_account_store_harness {
  test_database database;
  projections::connection_pool pool{database.conninfo()};
  projections::postgres_account_store held{pool};

  events::account_store& store() { return held; }
};

INSTANTIATE_TYPED_TEST_SUITE_P(postgres, account_store_contract, postgres_account_store_harness);

struct postgres_keys {
  test_database database;
  projections::connection_pool pool{database.conninfo()};
  projections::postgres_wrapped_key_store keys{pool};
};
struct memory_keys {
  events::memory_wrapped_key_store keys;
};

template <class Harness>
struct wrapped_key_contract : testing::Test, Harness {};
using both = testing::Types<postgres_keys, memory_keys>;
TYPED_TEST_SUITE(wrapped_key_contract, both);

TYPED_TEST(wrapped_key_contract, keeps_the_first_key_a_person_got) {
  const events::user_id person{numbered_uuid(1)};
  EXPECT_FALSE(*this->keys.load(person));
  EXPECT_EQ(this->keys.store(person, "first")->wrapped, "first");
  EXPECT_EQ(this->keys.store(person, "second")->wrapped, "first");
  EXPECT_EQ((*this->keys.load(person))->wrapped, "first");
}

TYPED_TEST(wrapped_key_contract, leaves_a_mark_of_a_destroyed_key_for_good) {
  const events::user_id known{numbered_uuid(1)}, unknown{numbered_uuid(2)};
  ASSERT_TRUE(this->keys.store(known, "first"));
  for (const auto& person : {known, unknown, known}) ASSERT_TRUE(this->keys.destroy(person));
  for (const auto& person : {known, unknown}) {
    const auto row = this->keys.store(person, "again");
    ASSERT_TRUE(row);
    EXPECT_TRUE(row->erased);
    EXPECT_EQ(row->wrapped, "");
  }
}

TEST(postgres_wrapped_key_store, says_unavailable_when_the_database_is_not_there) {
  projections::connection_pool pool("host=/nonexistent dbname=none");
  projections::postgres_wrapped_key_store keys(pool);
  const auto answer = keys.load({numbered_uuid(1)});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, events::failure_code::unavailable);
}

} // namespace
} // namespace reverie::tests
