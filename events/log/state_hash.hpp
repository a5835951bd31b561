#pragma once

#include "events/log/state_store.hpp"

#include <memory>

namespace reverie::events {

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
