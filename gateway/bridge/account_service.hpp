#pragma once

#include "gateway/bridge/command_gate.hpp"
#include "gateway/bridge/password_hasher.hpp"
#include "gateway/bridge/throttle.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace reverie::gateway {

/// Who a request comes from.
struct principal {
  events::user_id user{};
  std::vector<std::string> roles;
  events::uuid sign_in{};                         ///< that the token came from; nil for API keys
  std::optional<events::timestamp> expires_at{};  ///< nothing: it does not

  bool has_role(std::string_view role) const;
};

/// What signing in gives.
struct token_pair {
  std::string access_token, refresh_token, scope;
  std::int64_t expires_in_s = 0;
};

struct signed_up {
  events::account account;
  std::string name;
  token_pair tokens;
  events::log_position position{};
};

/// Told when a sign-in ends before its tokens expire. Called on an io thread; must not block.
using sign_in_observer = std::function<void(events::user_id user, const events::uuid& sign_in)>;

/// Sign-up, sign-in, tokens that rotate, API keys. Thread-safe; the calls are coroutines that never block an io thread.
class account_service {
public:
  account_service(gateway_ports& ports, blocking_pool& database, password_hasher& passwords, command_gate& commands,
                  std::uint32_t sign_ins_per_minute, std::chrono::seconds access_token_lives);

  /// Who hears of sign-ins that end; set before the first request.
  void when_signed_out(sign_in_observer observer) { signed_out_ = std::move(observer); }

  /// A pending account, a key, `user.registered` read back, then active.
  task<result<signed_up>> sign_up(std::string email, std::string password, std::string name);
  /// The same answer and time for an unknown e-mail as for a wrong password.
  task<result<token_pair>> sign_in(std::string email, std::string password);
  /// Rotates; a token that was used before revokes its whole family.
  task<result<token_pair>> refresh(std::string refresh_token);
  task<result<void>> sign_out(std::string refresh_token);

  /// The key itself is told once.
  task<result<std::string>> make_api_key(events::user_id user, std::string label);

  /// A bearer token (access token or API key).
  task<result<principal>> authenticate(std::string credential);

private:
  token_pair tokens_for(const events::account& account, const std::string& refresh_token) const;
  void end_sign_in_of(std::string_view refresh_token) const;
  events::refresh_token stored_token(const std::string& refresh_token, events::user_id user, const events::uuid& family) const;
  task<result<token_pair>> begin_family(events::account account);
  task<result<principal>> authenticate_key(std::string key);

  gateway_ports& ports_;
  blocking_pool& database_;
  password_hasher& passwords_;
  command_gate& commands_;
  throttle sign_ins_;
  std::chrono::seconds access_token_lives_;
  sign_in_observer signed_out_;
};

} // namespace reverie::gateway
