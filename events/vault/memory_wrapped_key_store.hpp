#pragma once

#include "events/vault/wrapped_key_store.hpp"

#include <mutex>
#include <unordered_map>

namespace reverie::events {

/// The vault's key table in memory, for tests and simulation. Can be told to be away.
class memory_wrapped_key_store : public wrapped_key_store {
public:
  outcome<std::optional<wrapped_key_row>> load(user_id person) override;
  outcome<wrapped_key_row> store(user_id person, const std::string& wrapped) override;
  outcome<void> destroy(user_id person) override;

  /// While away, every call answers `unavailable`.
  void set_away(bool away);
  /// How often `load` was called.
  std::size_t loads() const;

private:
  mutable std::mutex mutex_;
  bool away_ = false;
  std::size_t loads_ = 0;
  std::unordered_map<user_id, wrapped_key_row> rows_;
};

} // namespace reverie::events
