#pragma once

#include "events/log/state_store.hpp"

#include <memory>

namespace reverie::events {

/// XXH3-128 of an entity's canonical, unsealed state: what entity_blob::state_hash holds.
std::array<std::uint8_t, 16> hash_of_state(std::string_view canonical);

/// The hash of a whole local state: XXH3-128 over address, sequence and state hash of each blob, fed in key order.
class state_hasher {
public:
  state_hasher();
  ~state_hasher();
  void add(const entity_blob& blob);
  /// 32 hex digits.
  std::string hex() const;

private:
  struct hidden;
  std::unique_ptr<hidden> hidden_;
};

} // namespace reverie::events
