#pragma once

#include "events/model/failure.hpp"
#include "events/model/ids.hpp"

#include <optional>
#include <string>
#include <vector>

namespace reverie::events {

enum class account_state { pending, active, erased };

/// What signing in needs; lives in the vault, never in the log.
struct account {
  user_id user{};
  std::string email; ///< as given; unique without regard to case
  std::string password_hash; ///< argon2id, libsodium's string form
  account_state state = account_state::pending;
  std::vector<std::string> roles;
  timestamp created_at{};
};

/// A rotating refresh token. Tokens of one sign-in form a family; using one twice revokes the family (reuse detection).
struct refresh_token {
  std::string token_hash; ///< BLAKE2b-256 of the token, hex
  uuid family{};
  user_id user{};
  timestamp expires_at{};
};

enum class refresh_use { rotated, reused, expired, unknown };

struct api_key {
  std::string key_hash;
  user_id user{};
  std::string label;
  timestamp created_at{};
};

/// Accounts, tokens and API keys: the schema `vault` of Postgres, and a twin in memory for tests. Calls block; thread-safe.
class account_store {
public:
  virtual ~account_store() = default;

  /// Adds a pending account; `already_exists` when the e-mail is taken by an active one (a pending one older than 10 min is replaced).
  virtual outcome<void> add_pending(const account& fresh) = 0;
  virtual outcome<void> activate(user_id user) = 0;
  virtual outcome<void> set_roles(user_id user, const std::vector<std::string>& roles) = 0;
  virtual outcome<std::optional<account>> find_by_email(const std::string& email) = 0;
  virtual outcome<std::optional<account>> find(user_id user) = 0;
  /// Removes what stayed pending since before `older_than`, with its data key; answers how many.
  virtual outcome<std::size_t> sweep_pending(timestamp older_than) = 0;

  virtual outcome<void> add_refresh_token(const refresh_token& token) = 0;
  /// Marks `used_hash` as used and adds `fresh` of the same family in one transaction. `reused` revokes the family.
  virtual outcome<std::pair<refresh_use, std::optional<user_id>>> rotate(const std::string& used_hash, refresh_token fresh,
                                                                          timestamp now) = 0;
  virtual outcome<void> revoke_family_of(const std::string& token_hash) = 0;

  virtual outcome<void> add_api_key(const api_key& key) = 0;
  virtual outcome<std::optional<api_key>> find_api_key(const std::string& key_hash) = 0;
};

} // namespace reverie::events
