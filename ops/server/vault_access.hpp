#pragma once

#include "events/vault/account_store.hpp"
#include "events/vault/key_ring.hpp"
#include "events/vault/master_key.hpp"
#include "ops/server/settings.hpp"
#include "projections/postgres/connection_pool.hpp"

#include <filesystem>
#include <memory>

namespace reverie::ops {

/// The people's keys and accounts: Postgres' schema `vault`, opened with the master key.
struct vault_access {
  events::master_key master;
  std::shared_ptr<projections::connection_pool> pool;
  std::shared_ptr<events::account_store> accounts;
  std::shared_ptr<events::key_ring> keys;
};

/// REVERIE_MASTER_KEY, or the key file of the data folder (made when `may_create`).
events::outcome<events::master_key> find_master_key(const settings& given, const std::filesystem::path& key_file, bool may_create);

/// Opens the vault; the database is reached only when it is asked for something.
vault_access open_vault(const settings& given, const events::master_key& master);

} // namespace reverie::ops
