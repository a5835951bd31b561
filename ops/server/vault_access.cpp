#include "ops/server/vault_access.hpp"

#include "events/vault/caching_key_ring.hpp"
#include "events/model/limits.hpp"
#include "projections/postgres/postgres_account_store.hpp"
#include "projections/postgres/postgres_wrapped_key_store.hpp"

namespace reverie::ops {

events::outcome<events::master_key> find_master_key(const settings& given, const std::filesystem::path& key_file, bool may_create) {
  if (const auto& text = given.text("master-key"); !text.empty()) return events::master_key::parse(text);
  std::error_code ignored;
  if (!may_create && !std::filesystem::exists(key_file, ignored))
    return events::fail(events::failure_code::not_found, "there is no master key: neither REVERIE_MASTER_KEY nor " + key_file.string());
  return events::master_key::load_or_create(key_file);
}

vault_access open_vault(const settings& given, const events::master_key& master) {
  auto pool = std::make_shared<projections::connection_pool>(
      given.text("database-url"),
      projections::pool_options{.connections_max = static_cast<std::size_t>(given.number("database-connections"))});
  auto accounts = std::make_shared<projections::postgres_account_store>(*pool);
  auto keys = std::make_shared<events::caching_key_ring>(std::make_shared<projections::postgres_wrapped_key_store>(*pool), master,
                                                         events::limits::keys_in_memory);
  return {master, std::move(pool), std::move(accounts), std::move(keys)};
}

} // namespace reverie::ops
