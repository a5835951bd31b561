#pragma once

#include "events/vault/caching_key_ring.hpp"
#include "events/vault/memory_wrapped_key_store.hpp"

namespace reverie::events {

/// A key ring whose vault is memory: the real ring over the twin of its table, with a fixed master key. For tests and simulation.
class memory_key_ring : public caching_key_ring {
public:
  memory_key_ring() : memory_key_ring(std::make_shared<memory_wrapped_key_store>()) {}
  explicit memory_key_ring(std::shared_ptr<memory_wrapped_key_store> vault, std::size_t keys_max = 100'000)
      : caching_key_ring(vault, master_key({1, 2, 3}), keys_max), vault_(std::move(vault)) {}

  memory_wrapped_key_store& vault() { return *vault_; }

private:
  std::shared_ptr<memory_wrapped_key_store> vault_;
};

} // namespace reverie::events
