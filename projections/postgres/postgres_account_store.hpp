#pragma once

#include "events/vault/account_store.hpp"
#include "projections/postgres/connection_pool.hpp"

namespace reverie::projections {

/// Accounts, tokens and API keys in the schema `vault`. `unavailable` when the database can't be reached.
class postgres_account_store : public events::account_store {
public:
  explicit postgres_account_store(connection_pool& pool) : pool_(pool) {}

  outcome<void> add_pending(const events::account& fresh) override;
  outcome<void> activate(events::user_id user) override;
  outcome<void> set_roles(events::user_id user, const std::vector<std::string>& roles) override;
  outcome<std::optional<events::account>> find_by_email(const std::string& email) override;
  outcome<std::optional<events::account>> find(events::user_id user) override;
  outcome<std::size_t> sweep_pending(events::timestamp older_than) override;
  outcome<void> add_refresh_token(const events::refresh_token& token) override;
  outcome<std::pair<events::refresh_use, std::optional<events::user_id>>> rotate(const std::string& used_hash, events::refresh_token fresh,
                                                                                  events::timestamp now) override;
  outcome<void> revoke_family_of(const std::string& token_hash) override;
  outcome<void> add_api_key(const events::api_key& key) override;
  outcome<std::optional<events::api_key>> find_api_key(const std::string& key_hash) override;

private:
  connection_pool& pool_;
};

} // namespace reverie::projections
