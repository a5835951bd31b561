#pragma once

#include "events/vault/wrapped_key_store.hpp"
#include "projections/postgres/connection_pool.hpp"

namespace reverie::projections {

/// Wrapped data keys in `vault.data_keys`. `unavailable` when the database can't be reached.
class postgres_wrapped_key_store : public events::wrapped_key_store {
public:
  explicit postgres_wrapped_key_store(connection_pool& pool) : pool_(pool) {}

  outcome<std::optional<events::wrapped_key_row>> load(events::user_id person) override;
  outcome<events::wrapped_key_row> store(events::user_id person, const std::string& wrapped) override;
  outcome<void> destroy(events::user_id person) override;

private:
  connection_pool& pool_;
};

} // namespace reverie::projections
