#include "events/vault/memory_account_store.hpp"

namespace reverie::events {

namespace {

constexpr std::chrono::minutes pending_kept{10};

std::string folded(const std::string& email) {
  std::string lower = email;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

std::unexpected<failure> no_account() { return fail(failure_code::not_found, "there is no such account"); }

} // namespace

outcome<void> memory_account_store::add_pending(const account& fresh) {
  std::lock_guard lock(mutex_);
  auto taken = by_email_.find(folded(fresh.email));
  if (taken != by_email_.end()) {
    const auto& holder = accounts_.at(taken->second);
    bool replaceable = holder.state == account_state::pending && holder.created_at + pending_kept < fresh.created_at;
    if (!replaceable) return fail(failure_code::already_exists, "the e-mail address is taken");
    accounts_.erase(holder.user);
    by_email_.erase(taken);
  }
  auto kept = fresh;
  kept.state = account_state::pending;
  if (!accounts_.emplace(fresh.user, kept).second) return fail(failure_code::already_exists, "the account exists");
  by_email_[folded(fresh.email)] = fresh.user;
  return {};
}

outcome<void> memory_account_store::activate(user_id user) {
  std::lock_guard lock(mutex_);
  auto found = accounts_.find(user);
  if (found == accounts_.end()) return no_account();
  found->second.state = account_state::active;
  return {};
}

outcome<void> memory_account_store::set_roles(user_id user, const std::vector<std::string>& roles) {
  std::lock_guard lock(mutex_);
  auto found = accounts_.find(user);
  if (found == accounts_.end()) return no_account();
  found->second.roles = roles;
  return {};
}

outcome<std::optional<account>> memory_account_store::find_by_email(const std::string& email) {
  std::lock_guard lock(mutex_);
  auto found = by_email_.find(folded(email));
  if (found == by_email_.end()) return std::optional<account>{};
  return accounts_.at(found->second);
}

outcome<std::optional<account>> memory_account_store::find(user_id user) {
  std::lock_guard lock(mutex_);
  auto found = accounts_.find(user);
  if (found == accounts_.end()) return std::optional<account>{};
  return found->second;
}

outcome<std::size_t> memory_account_store::sweep_pending(timestamp older_than) {
  std::lock_guard lock(mutex_);
  return std::erase_if(accounts_, [&](const auto& each) {
    const auto& candidate = each.second;
    if (candidate.state != account_state::pending || candidate.created_at >= older_than) return false;
    by_email_.erase(folded(candidate.email));
    return true;
  });
}

outcome<void> memory_account_store::add_refresh_token(const refresh_token& token) {
  std::lock_guard lock(mutex_);
  tokens_[token.token_hash] = {token};
  return {};
}

outcome<std::pair<refresh_use, std::optional<user_id>>> memory_account_store::rotate(const std::string& used_hash, refresh_token fresh,
                                                                                     timestamp now) {
  std::lock_guard lock(mutex_);
  auto found = tokens_.find(used_hash);
  if (found == tokens_.end()) return std::pair{refresh_use::unknown, std::optional<user_id>{}};
  auto& [token, used] = found->second;
  std::optional<user_id> holder = token.user;
  if (used) {
    revoke(token.family);
    return std::pair{refresh_use::reused, holder};
  }
  if (token.expires_at <= now) return std::pair{refresh_use::expired, holder};
  used = true;
  fresh.family = token.family;
  fresh.user = token.user;
  tokens_[fresh.token_hash] = {fresh};
  return std::pair{refresh_use::rotated, holder};
}

void memory_account_store::revoke(const uuid& family) {
  std::erase_if(tokens_, [&](const auto& each) { return each.second.token.family == family; });
}

outcome<void> memory_account_store::revoke_family_of(const std::string& token_hash) {
  std::lock_guard lock(mutex_);
  auto found = tokens_.find(token_hash);
  if (found != tokens_.end()) revoke(uuid(found->second.token.family));
  return {};
}

outcome<void> memory_account_store::add_api_key(const api_key& key) {
  std::lock_guard lock(mutex_);
  if (!api_keys_.emplace(key.key_hash, key).second) return fail(failure_code::already_exists, "the key exists");
  return {};
}

outcome<std::optional<api_key>> memory_account_store::find_api_key(const std::string& key_hash) {
  std::lock_guard lock(mutex_);
  auto found = api_keys_.find(key_hash);
  if (found == api_keys_.end()) return std::optional<api_key>{};
  return found->second;
}

} // namespace reverie::events
