#include "projections/postgres/postgres_account_store.hpp"

#include "projections/postgres/array_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace reverie::projections {
namespace {

using events::account_state;
using events::refresh_use;

std::string folded(std::string email) {
  std::ranges::transform(email, email.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return email;
}

account_state state_in(std::string_view name) {
  if (name == "active") return account_state::active;
  return name == "erased" ? account_state::erased : account_state::pending;
}

outcome<void> only_success(const outcome<result>& done) {
  if (!done) return std::unexpected(done.error());
  return {};
}

outcome<void> one_account(const outcome<result>& done) {
  if (!done) return std::unexpected(done.error());
  if (done->changed() == 0) return events::fail(failure_code::not_found, "there is no such account");
  return {};
}

const std::string account_columns = "SELECT user_id, email, password_hash, state, array_to_json(roles), " + as_milliseconds("created_at") + " FROM vault.accounts ";

outcome<std::optional<events::account>> account_in(const outcome<result>& rows) {
  if (!rows) return std::unexpected(rows.error());
  if (rows->rows() == 0) return std::optional<events::account>{};
  return std::optional(events::account{{rows->uuid(0, 0)},
                                       std::string(rows->text(0, 1)),
                                       std::string(rows->text(0, 2)),
                                       state_in(rows->text(0, 3)),
                                       nlohmann::json::parse(rows->text(0, 4)).get<std::vector<std::string>>(),
                                       rows->time(0, 5)});
}

statement insert_token(const events::refresh_token& token) {
  return {"INSERT INTO vault.refresh_tokens (token_hash, family, user_id, expires_at) VALUES ($1, $2, $3, $4) "
          "ON CONFLICT (token_hash) DO UPDATE SET family = excluded.family, user_id = excluded.user_id, expires_at = excluded.expires_at, used = false",
          {token.token_hash, events::to_string(token.family), to_string(token.user), events::format_rfc3339(token.expires_at)}};
}

} // namespace

outcome<void> postgres_account_store::add_pending(const events::account& fresh) {
  // A pending account that nobody finished within 10 min gives its address free.
  const auto done = pool_.run(
      "INSERT INTO vault.accounts (user_id, email, email_folded, password_hash, state, roles, created_at) "
      "VALUES ($1, $2, $3, $4, 'pending', $5::text[], $6) "
      "ON CONFLICT (email_folded) DO UPDATE SET user_id = excluded.user_id, email = excluded.email, password_hash = excluded.password_hash, "
      "roles = excluded.roles, created_at = excluded.created_at "
      "WHERE accounts.state = 'pending' AND accounts.created_at + interval '10 minutes' < excluded.created_at",
      {to_string(fresh.user), fresh.email, folded(fresh.email), fresh.password_hash, array_of(fresh.roles), events::format_rfc3339(fresh.created_at)});
  if (!done) return std::unexpected(done.error());
  if (done->changed() == 0) return events::fail(failure_code::already_exists, "the e-mail address is taken");
  return {};
}

outcome<void> postgres_account_store::activate(events::user_id user) {
  return one_account(pool_.run("UPDATE vault.accounts SET state = 'active' WHERE user_id = $1", {to_string(user)}));
}

outcome<void> postgres_account_store::set_roles(events::user_id user, const std::vector<std::string>& roles) {
  return one_account(pool_.run("UPDATE vault.accounts SET roles = $2::text[] WHERE user_id = $1", {to_string(user), array_of(roles)}));
}

outcome<std::optional<events::account>> postgres_account_store::find_by_email(const std::string& email) {
  return account_in(pool_.run(account_columns + "WHERE email_folded = $1", {folded(email)}));
}

outcome<std::optional<events::account>> postgres_account_store::find(events::user_id user) {
  return account_in(pool_.run(account_columns + "WHERE user_id = $1", {to_string(user)}));
}

outcome<std::size_t> postgres_account_store::sweep_pending(events::timestamp older_than) {
  const auto rows = pool_.run("WITH gone AS (DELETE FROM vault.accounts WHERE state = 'pending' AND created_at < $1 RETURNING user_id), "
                              "keys AS (DELETE FROM vault.data_keys k USING gone WHERE k.user_id = gone.user_id) SELECT count(*) FROM gone",
                              {events::format_rfc3339(older_than)});
  if (!rows) return std::unexpected(rows.error());
  return static_cast<std::size_t>(rows->integer(0, 0));
}

outcome<void> postgres_account_store::add_refresh_token(const events::refresh_token& token) {
  const auto made = insert_token(token);
  return only_success(pool_.run(made.sql, made.params));
}

outcome<std::pair<refresh_use, std::optional<events::user_id>>> postgres_account_store::rotate(const std::string& used_hash,
                                                                                               events::refresh_token fresh,
                                                                                               events::timestamp now) {
  using answer = std::pair<refresh_use, std::optional<events::user_id>>;
  auto held = pool_.borrow();
  if (!held) return std::unexpected(held.error());
  auto& database = **held; // a transaction left open is rolled back when the connection is given back
  if (auto begun = database.run_script("BEGIN"); !begun) return std::unexpected(begun.error());
  const auto found = database.run("SELECT family, user_id, used, " + as_milliseconds("expires_at") + " FROM vault.refresh_tokens WHERE token_hash = $1 FOR UPDATE",
                                  {used_hash});
  if (!found) return std::unexpected(found.error());
  if (found->rows() == 0) return answer{refresh_use::unknown, std::nullopt};
  const std::optional holder{events::user_id{found->uuid(0, 1)}};
  std::vector<statement> work;
  auto use = refresh_use::rotated;
  if (found->boolean(0, 2)) {
    use = refresh_use::reused;
    work.push_back({"DELETE FROM vault.refresh_tokens WHERE family = $1", {std::string(found->text(0, 0))}});
  } else if (found->time(0, 3) <= now) {
    return answer{refresh_use::expired, holder};
  } else {
    fresh.family = found->uuid(0, 0);
    fresh.user = *holder;
    work.push_back({"UPDATE vault.refresh_tokens SET used = true WHERE token_hash = $1", {used_hash}});
    work.push_back(insert_token(fresh));
  }
  work.push_back({"COMMIT"});
  if (auto done = database.run_all(work); !done) return std::unexpected(done.error());
  return answer{use, holder};
}

outcome<void> postgres_account_store::revoke_family_of(const std::string& token_hash) {
  return only_success(pool_.run("DELETE FROM vault.refresh_tokens WHERE family = (SELECT family FROM vault.refresh_tokens WHERE token_hash = $1)", {token_hash}));
}

outcome<void> postgres_account_store::add_api_key(const events::api_key& key) {
  return only_success(pool_.run("INSERT INTO vault.api_keys (key_hash, user_id, label, created_at) VALUES ($1, $2, $3, $4)",
                                {key.key_hash, to_string(key.user), key.label, events::format_rfc3339(key.created_at)}));
}

outcome<std::optional<events::api_key>> postgres_account_store::find_api_key(const std::string& key_hash) {
  const auto rows = pool_.run("SELECT key_hash, user_id, label, " + as_milliseconds("created_at") + " FROM vault.api_keys WHERE key_hash = $1", {key_hash});
  if (!rows) return std::unexpected(rows.error());
  if (rows->rows() == 0) return std::optional<events::api_key>{};
  return std::optional(events::api_key{std::string(rows->text(0, 0)), {rows->uuid(0, 1)}, std::string(rows->text(0, 2)), rows->time(0, 3)});
}

} // namespace reverie::projections
