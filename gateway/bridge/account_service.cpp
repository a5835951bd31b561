#include "gateway/bridge/account_service.hpp"

#include "gateway/bridge/entity_addresses.hpp"
#include "gateway/bridge/fresh_ids.hpp"
#include "gateway/bridge/refresh_token_text.hpp"
#include "gateway/wire/text_checks.hpp"

#include "events/model/limits.hpp"

#include <algorithm>
#include <cstring>

namespace reverie::gateway {

namespace limits = events::limits;
using events::account;
using events::account_state;
using events::outcome;

namespace {

constexpr std::string_view api_key_prefix = "rvk_";
constexpr std::size_t refresh_token_bytes = 256;

api_error invalid_credentials() { return authentication_error("invalid_credentials", "E-mail or password is wrong."); }
api_error invalid_token() { return authentication_error("invalid_token", "Please sign in again."); }

result<void> check_sign_up(const std::string& email, const std::string& password, const std::string& name) {
  if (!is_email(email)) return std::unexpected(validation_error("This is not an e-mail address.", "email"));
  if (password.size() < limits::password_bytes_min) {
    return std::unexpected(validation_error("A password needs at least 8 characters.", "password"));
  }
  if (auto checked = check_text(password, limits::password_bytes, "password"); !checked) return checked;
  if (is_blank(name)) return std::unexpected(validation_error("A name needs a character that can be seen.", "name"));
  return check_text(name, limits::name_bytes, "name");
}

std::string folded(std::string_view email) {
  std::string lower(email);
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

std::string joined(const std::vector<std::string>& roles) {
  std::string text;
  for (const auto& role : roles) text += (text.empty() ? "" : " ") + role;
  return text;
}

} // namespace

bool principal::has_role(std::string_view role) const { return std::ranges::find(roles, role) != roles.end(); }

account_service::account_service(gateway_ports& ports, blocking_pool& database, password_hasher& passwords,
                                 command_gate& commands, std::uint32_t sign_ins_per_minute, std::chrono::seconds access_token_lives)
    : ports_(ports), database_(database), passwords_(passwords), commands_(commands),
      sign_ins_(sign_ins_per_minute, limits::people_remembered), access_token_lives_(access_token_lives) {}

token_pair account_service::tokens_for(const account& of, const std::string& refresh_token) const {
  auto now = ports_.now();
  token_claims claims{of.user, of.roles, now, now + access_token_lives_, fresh_uuid(now), {}};
  if (auto holder = holder_of(refresh_token)) claims.sign_in = holder->sign_in();
  return {make_access_token(ports_.secret, claims), refresh_token, joined(of.roles), access_token_lives_.count()};
}

events::refresh_token account_service::stored_token(const std::string& refresh_token, events::user_id user,
                                                    const events::uuid& family) const {
  return {digest_hex(refresh_token), family, user, ports_.now() + limits::refresh_token_lives};
}

void account_service::end_sign_in_of(std::string_view refresh_token) const {
  auto holder = holder_of(refresh_token);
  if (holder && signed_out_) signed_out_(holder->user, holder->sign_in());
}

task<result<token_pair>> account_service::begin_family(account of) {
  token_holder holder{of.user, fresh_uuid(ports_.now())};
  auto refresh_token = fresh_refresh_token(holder);
  auto stored = stored_token(refresh_token, of.user, holder.family);
  auto added = co_await database_.run([this, stored] { return ports_.accounts.add_refresh_token(stored); });
  if (!added) co_return std::unexpected(error_of(added.error()));
  co_return tokens_for(of, refresh_token);
}

task<result<signed_up>> account_service::sign_up(std::string email, std::string password, std::string name) {
  if (auto checked = check_sign_up(email, password, name); !checked) co_return std::unexpected(checked.error());
  auto hashed = co_await passwords_.hash(std::move(password));
  if (!hashed) co_return std::unexpected(error_of(hashed.error()));

  auto now = ports_.now();
  account fresh{{fresh_uuid(now)}, email, std::move(*hashed), account_state::pending, {"user"}, now};
  auto added = co_await database_.run([this, fresh]() -> outcome<void> {
    if (auto stored = ports_.accounts.add_pending(fresh); !stored) return stored;
    if (auto key = ports_.keys.create(fresh.user); !key) return std::unexpected(key.error());
    return {};
  });
  if (!added) {
    auto error = error_of(added.error());
    if (error.status == 409) {
      error.message = "This e-mail address is taken.";
      error.param = "email";
    }
    co_return std::unexpected(std::move(error));
  }
  auto command = actors::user::register_user{email, name, fresh.roles};
  auto registered =
      co_await commands_.submit(commands_.envelope(fresh.user, address_of(fresh.user), actors::user::command{std::move(command)}));
  if (!registered) co_return std::unexpected(registered.error());
  auto activated = co_await database_.run([this, user = fresh.user] { return ports_.accounts.activate(user); });
  if (!activated) co_return std::unexpected(error_of(activated.error()));
  fresh.state = account_state::active;
  fresh.created_at = co_await commands_.began_at(address_of(fresh.user), fresh.created_at);
  auto tokens = co_await begin_family(fresh);
  if (!tokens) co_return std::unexpected(tokens.error());
  co_return signed_up{std::move(fresh), std::move(name), std::move(*tokens), registered->position};
}

task<result<token_pair>> account_service::sign_in(std::string email, std::string password) {
  if (password.size() > limits::password_bytes || email.size() > limits::email_bytes) {
    co_return std::unexpected(invalid_credentials());
  }
  events::uuid key;
  auto digest = digest_hex(folded(email));
  std::memcpy(key.bytes.data(), digest.data(), key.bytes.size());
  if (auto wait = sign_ins_.take(key, ports_.now())) {
    auto error = rate_limited_error(*wait);
    error.message = "Too many attempts to sign in. Please wait a moment.";
    co_return std::unexpected(std::move(error));
  }
  auto found = co_await database_.run([this, email] { return ports_.accounts.find_by_email(email); });
  if (!found) co_return std::unexpected(error_of(found.error()));
  bool usable = *found && (*found)->state == account_state::active;
  auto same = co_await passwords_.verify(std::move(password), usable ? (*found)->password_hash : std::string());
  if (!same) co_return std::unexpected(error_of(same.error()));
  if (!*same) co_return std::unexpected(invalid_credentials());
  co_return co_await begin_family(**found);
}

task<result<token_pair>> account_service::refresh(std::string refresh_token) {
  if (refresh_token.empty() || refresh_token.size() > refresh_token_bytes) co_return std::unexpected(invalid_token());
  auto fresh_token = fresh_refresh_token(holder_of(refresh_token));
  auto fresh = stored_token(fresh_token, {}, {});
  auto used = digest_hex(refresh_token);
  struct rotation {
    events::refresh_use use;
    std::optional<account> owner;
  };
  // Who it is for is read first: once the token was used, a failure would sign the person out.
  auto rotated = co_await database_.run([this, used, fresh, holder = holder_of(refresh_token)]() -> outcome<rotation> {
    rotation made{events::refresh_use::unknown, std::nullopt};
    if (holder) {
      auto owner = ports_.accounts.find(holder->user);
      if (!owner) return std::unexpected(owner.error());
      made.owner = std::move(*owner);
    }
    auto done = ports_.accounts.rotate(used, fresh, ports_.now());
    if (!done) return std::unexpected(done.error());
    made.use = done->first;
    if (made.use != events::refresh_use::rotated || !done->second) return rotation{made.use, std::nullopt};
    if (made.owner && made.owner->user == *done->second) return made;
    auto owner = ports_.accounts.find(*done->second);
    if (!owner) return std::unexpected(owner.error());
    made.owner = std::move(*owner);
    return made;
  });
  if (!rotated) co_return std::unexpected(error_of(rotated.error()));
  if (rotated->use == events::refresh_use::reused) end_sign_in_of(refresh_token);
  if (rotated->use == events::refresh_use::reused && ports_.log) {
    log_entry entry;
    entry.severity = log_entry::level::warning;
    entry.what = "security";
    entry.message = "a refresh token was used twice: its family is revoked";
    ports_.log(entry);
  }
  if (rotated->use == events::refresh_use::expired) {
    co_return std::unexpected(authentication_error("token_expired", "Please sign in again."));
  }
  if (!rotated->owner || rotated->owner->state != account_state::active) co_return std::unexpected(invalid_token());
  co_return tokens_for(*rotated->owner, fresh_token);
}

task<result<void>> account_service::sign_out(std::string refresh_token) {
  auto revoked = co_await database_.run(
      [this, hash = digest_hex(refresh_token)] { return ports_.accounts.revoke_family_of(hash); });
  if (!revoked && revoked.error().code != events::failure_code::not_found) co_return std::unexpected(error_of(revoked.error()));
  end_sign_in_of(refresh_token);
  co_return result<void>{};
}

task<result<std::string>> account_service::make_api_key(events::user_id user, std::string label) {
  auto key = fresh_secret(api_key_prefix);
  events::api_key stored{digest_hex(key), user, std::move(label), ports_.now()};
  auto added = co_await database_.run([this, stored] { return ports_.accounts.add_api_key(stored); });
  if (!added) co_return std::unexpected(error_of(added.error()));
  co_return key;
}

task<result<principal>> account_service::authenticate_key(std::string key) {
  auto found = co_await database_.run([this, hash = digest_hex(key)]() -> outcome<std::optional<account>> {
    auto stored = ports_.accounts.find_api_key(hash);
    if (!stored) return std::unexpected(stored.error());
    if (!*stored) return std::nullopt;
    return ports_.accounts.find((*stored)->user);
  });
  if (!found) co_return std::unexpected(error_of(found.error()));
  if (!*found || (*found)->state != account_state::active) {
    co_return std::unexpected(authentication_error("invalid_token", "The API key is not valid."));
  }
  co_return principal{(*found)->user, (*found)->roles};
}

task<result<principal>> account_service::authenticate(std::string credential) {
  if (credential.empty()) {
    co_return std::unexpected(authentication_error("authentication_required", "Please sign in."));
  }
  if (credential.starts_with(api_key_prefix)) co_return co_await authenticate_key(std::move(credential));
  auto claims = read_access_token(ports_.secret, credential, ports_.now());
  if (!claims) co_return std::unexpected(claims.error());
  co_return principal{claims->user, std::move(claims->roles), claims->sign_in, claims->expires_at};
}

} // namespace reverie::gateway
