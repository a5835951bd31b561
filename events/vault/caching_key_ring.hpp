#pragma once

#include "events/vault/key_ring.hpp"
#include "events/vault/master_key.hpp"
#include "events/vault/wrapped_key_store.hpp"

#include <list>
#include <mutex>
#include <unordered_map>

namespace reverie::events {

/// The key ring of the server: unwrapped keys in memory, the wrapped ones in a store. Holds at most `keys_max`; the one not used for
/// longest makes place. A key that somebody still holds lives on with its holder. Thread-safe; the store is never called under the lock.
class caching_key_ring : public key_ring {
public:
  caching_key_ring(std::shared_ptr<wrapped_key_store> store, master_key master, std::size_t keys_max);

  shared_key find(user_id person) override;
  outcome<shared_key> load(user_id person) override;
  outcome<shared_key> create(user_id person) override;
  outcome<void> destroy(user_id person) override;

  /// How many keys are in memory, for metrics.
  std::size_t size() const;

private:
  struct entry {
    user_id person;
    shared_key key; ///< null: known to be destroyed
  };
  using order = std::list<entry>; ///< most recently used first

  std::optional<shared_key> remembered(user_id person);
  shared_key remember(user_id person, shared_key key);
  outcome<shared_key> taken_from(user_id person, const wrapped_key_row& row);

  std::shared_ptr<wrapped_key_store> store_;
  master_key master_;
  std::size_t keys_max_;
  mutable std::mutex mutex_;
  order entries_;
  std::unordered_map<user_id, order::iterator> places_;
};

} // namespace reverie::events
