#pragma once

#include "gateway/wire/api_error.hpp"

#include "events/model/ids.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace reverie::gateway {

using token_secret = std::array<std::uint8_t, 32>;

/// What an access token says (a JWT, HS256): `sub`, `roles`, `iat`, `exp`, `jti`, and `sid` when it came from a sign-in that can end.
struct token_claims {
  events::user_id user{};
  std::vector<std::string> roles;
  events::timestamp issued_at{};
  events::timestamp expires_at{};
  events::uuid id{};
  events::uuid sign_in{}; ///< nil: none
};

/// Signs; times are kept in whole seconds. Pure.
std::string make_access_token(const token_secret& secret, const token_claims& claims);

/// Checks signature (constant time, HS256 only), form and expiry: `invalid_token` or `token_expired`. Pure.
result<token_claims> read_access_token(const token_secret& secret, std::string_view token, events::timestamp now);

} // namespace reverie::gateway
