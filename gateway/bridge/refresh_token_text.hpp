#pragma once

#include "events/model/ids.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace reverie::gateway {

/// Whose a refresh token is and which sign-in it goes back to. It stands in the token itself, so that ending a sign-in finds what lives
/// from it without asking the vault; a token is believed only when its digest is in the vault, or when nothing is gained by a false one.
struct token_holder {
  events::user_id user{};
  events::uuid family{};

  /// Names the sign-in to those who must not learn the family.
  events::uuid sign_in() const { return events::derive_uuid("sign_in", user.value, family); }
};

/// `rvr_`, the holder (nothing for tokens of before it was put there), a dot, 256 random bits.
std::string fresh_refresh_token(const std::optional<token_holder>& holder);
std::optional<token_holder> holder_of(std::string_view refresh_token);

} // namespace reverie::gateway
