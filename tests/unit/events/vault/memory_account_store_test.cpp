#include "events/vault/memory_account_store.hpp"

#include "tests/adapters/account_store_contract.hpp"

namespace reverie::tests {

struct memory_account_store_harness {
  events::memory_account_store memory;
  events::account_store& store() { return memory; }
};
INSTANTIATE_TYPED_TEST_SUITE_P(memory, account_store_contract, memory_account_store_harness);

} // namespace reverie::tests
