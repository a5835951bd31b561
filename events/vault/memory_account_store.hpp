#pragma once

#include "events/vault/account_store.hpp"

#include <map>
#include <mutex>
#include <unordered_map>

namespace reverie::events {

/// The vault's accounts in memory, for tests and simulation. Time is what the callers say: accounts' `created_at` and `rotate`'s `now`.
class memory_account_store : public account_store {
public:
  outcome<void> add_pending(const account& fresh) override;
  outcome<void> activate(user_id user) override;
  outcome<void> set_roles(user_id user, const std::vector<std::string>& roles) override;
  outcome<std::optional<account>> find_by_email(const std::string& email) override;
  outcome<std::optional<account>> find(user_id user) override;
  outcome<std::size_t> sweep_pending(timestamp older_than) override;
  outcome<void> add_refresh_token(const refresh_token& token) override;
  outcome<std::pair<refresh_use, std::optional<user_id>>> rotate(const std::string& used_hash, refresh_token fresh,
                                                                  timestamp now) override;
  outcome<void> revoke_family_of(const std::string& token_hash) override;
  outcome<void> add_api_key(const api_key& key) override;
  outcome<std::optional<api_key>> find_api_key(const std::string& key_hash) override;

private:
  struct kept_token {
    refresh_token token;
    bool used = false;
  };

  void revoke(const uuid& family);

  std::mutex mutex_;
  std::unordered_map<user_id, account> accounts_;
  std::map<std::string, user_id> by_email_; ///< in lower case
  std::map<std::string, kept_token> tokens_;
  std::map<std::string, api_key> api_keys_;
};

} // namespace reverie::events
