#include "events/model/limits.hpp"
#include "gateway/wire/text_checks.hpp"
#include "ops/cli/commands.hpp"
#include "ops/cli/operator_trail.hpp"
#include "ops/cli/projection_choice.hpp"
#include "ops/server/logging.hpp"
#include "ops/server/server_core.hpp"
#include "projections/postgres/postgres_account_store.hpp"

#include <nlohmann/json.hpp>
#include <sodium.h>

#include <cstdio>
#include <future>
#include <iostream>

namespace reverie::ops {

namespace {

using events::fail;
using events::failure_code;
using events::outcome;

events::user_id fresh_user_id() {
  std::array<std::uint8_t, 10> random;
  randombytes_buf(random.data(), random.size());
  return {events::make_uuid_v7(wall_time(), random)};
}

outcome<std::string> password_from_input() {
  std::string password;
  std::getline(std::cin, password);
  if (password.size() < events::limits::password_bytes_min || password.size() > events::limits::password_bytes)
    return fail(failure_code::malformed, "the password on standard input must be of 8 to 1024 bytes");
  return password;
}

outcome<std::string> hash_of(const std::string& password) {
  std::array<char, crypto_pwhash_STRBYTES> text;
  if (crypto_pwhash_str(text.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
    return fail(failure_code::unavailable, "there is not enough memory to hash a password");
  return std::string(text.data());
}

/// Registered in the log, read back, then active: as when somebody signs up, with roles.
outcome<void> create(server_core& core, const events::account& account, const std::string& name) {
  if (auto added = core.vault->accounts->add_pending(account); !added) return added;
  if (auto key = core.vault->keys->create(account.user); !key) return std::unexpected(key.error());
  std::promise<actors::command_outcome> answered;
  core.node->submit({.id = {events::derive_uuid("register", account.user.value)},
                     .caller = {},
                     .target = {{events::entity_kind::user, account.user.value}, account.user.value},
                     .command = actors::user::command{actors::user::register_user{account.email, name, account.roles}}},
                    [&](actors::command_outcome outcome) { answered.set_value(std::move(outcome)); });
  auto answer = answered.get_future().get();
  if (!answer) return fail(failure_code::malformed, answer.error().message);
  return core.vault->accounts->activate(account.user);
}

std::vector<std::string> roles_of(const std::string& role) {
  return role == "user" ? std::vector<std::string>{"user"} : std::vector<std::string>{"user", role};
}

void print_account(const events::account& account, const char* done, bool json) {
  const auto id = events::to_string(account.user);
  if (json) std::puts(nlohmann::ordered_json{{"id", id}, {"email", account.email}, {"roles", account.roles}}.dump().c_str());
  else std::printf("%s: %s\n", done, id.c_str());
}

cli_change change_of(const events::account& account, const users_options& how) {
  return {.action = "user." + how.action, .subject = "user/" + events::to_string(account.user), .reason = how.reason, .detail = {{"role", how.role}}};
}

/// Roles lie in the vault alone, so this needs no log and no server to stop.
exit_code change_role(const settings& given, const users_options& how, bool json) {
  auto database = open_database(given);
  if (!database) return report(database.error());
  projections::connection_pool pool(given.text("database-url"));
  projections::postgres_account_store accounts(pool);
  auto found = accounts.find_by_email(how.email);
  if (!found) return report(found.error());
  if (!*found || (*found)->state != events::account_state::active) return report({failure_code::not_found, "there is no account of '" + how.email + "'"});
  (*found)->roles = roles_of(how.role);
  const auto set = on_record(given, change_of(**found, how), [&] { return accounts.set_roles((*found)->user, (*found)->roles); });
  if (!set) return report(set.error());
  print_account(**found, "changed", json);
  return exit_code::done;
}

} // namespace

exit_code run_users(const settings& given, const users_options& how, bool json) {
  if (!gateway::is_email(how.email)) return report({failure_code::malformed, "'" + how.email + "' is no e-mail address"});
  if (how.action == "role") return change_role(given, how, json);
  auto password = password_from_input();
  if (!password) return report(password.error());
  start_logging("error", "text");
  server_core core(given);
  if (auto opened = core.open(); !opened) return report(opened.error());
  auto hash = hash_of(*password);
  if (!hash) return report(hash.error());
  if (auto started = core.start_actors(nullptr, nullptr); !started) return report(started.error());
  events::account account{.user = fresh_user_id(),
                          .email = how.email,
                          .password_hash = *hash,
                          .state = events::account_state::pending,
                          .roles = roles_of(how.role),
                          .created_at = wall_time()};
  const auto made = on_record(given, change_of(account, how), [&] { return create(core, account, how.name.empty() ? how.email.substr(0, how.email.find('@')) : how.name); });
  core.stop();
  if (!made) return report(made.error());
  print_account(account, "created", json);
  return exit_code::done;
}

} // namespace reverie::ops
