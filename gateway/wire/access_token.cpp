#include "gateway/wire/access_token.hpp"

#include "gateway/wire/json_input.hpp"
#include "gateway/wire/json_object.hpp"

#include <jwt.h>

#include <cstdlib>
#include <memory>

namespace reverie::gateway {

namespace {

constexpr std::size_t token_bytes_max = 4096;

struct jwt_deleter {
  void operator()(jwt_t* token) const noexcept { jwt_free(token); }
};
using owned_jwt = std::unique_ptr<jwt_t, jwt_deleter>;

struct text_deleter {
  void operator()(char* text) const noexcept { jwt_free_str(text); }
};
using owned_text = std::unique_ptr<char, text_deleter>;

long to_seconds(events::timestamp at) {
  return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

events::timestamp from_seconds(std::int64_t seconds) { return events::timestamp{std::chrono::seconds{seconds}}; }

api_error invalid_token() { return authentication_error("invalid_token", "The access token is not valid."); }

result<token_claims> read_claims(const nlohmann::json& grants) {
  auto subject = optional_uuid(grants, "sub");
  auto id = optional_uuid(grants, "jti");
  auto sign_in = optional_uuid(grants, "sid");
  auto issued = grants.find("iat");
  auto expires = grants.find("exp");
  auto roles = grants.find("roles");
  auto is_time = [&](auto found) { return found != grants.end() && found->is_number_integer(); };
  if (!subject || !*subject || !id || !sign_in || !is_time(issued) || !is_time(expires)) return std::unexpected(invalid_token());
  constexpr std::int64_t latest = 253'402'300'799; // the end of the year 9999
  auto issued_s = issued->template get<std::int64_t>();
  auto expires_s = expires->template get<std::int64_t>();
  if (issued_s < 0 || issued_s > latest || expires_s < 0 || expires_s > latest) return std::unexpected(invalid_token());
  token_claims claims{{**subject}, {}, from_seconds(issued_s), from_seconds(expires_s), id->value_or(events::uuid{}),
                      sign_in->value_or(events::uuid{})};
  if (roles != grants.end() && roles->is_array()) {
    for (const auto& role : *roles) {
      if (role.is_string()) claims.roles.push_back(role.get<std::string>());
    }
  }
  return claims;
}

} // namespace

std::string make_access_token(const token_secret& secret, const token_claims& claims) {
  jwt_t* made = nullptr;
  if (jwt_new(&made) != 0) std::abort();
  owned_jwt token(made);
  std::string grants;
  {
    json_object object(grants);
    object.id("sub", claims.user).texts("roles", claims.roles);
    object.count("iat", static_cast<std::uint64_t>(to_seconds(claims.issued_at)));
    object.count("exp", static_cast<std::uint64_t>(to_seconds(claims.expires_at))).uuid("jti", claims.id);
    if (!claims.sign_in.is_nil()) object.uuid("sid", claims.sign_in);
  }
  jwt_add_grants_json(token.get(), grants.c_str());
  jwt_set_alg(token.get(), JWT_ALG_HS256, secret.data(), static_cast<int>(secret.size()));
  owned_text text(jwt_encode_str(token.get()));
  return text ? std::string(text.get()) : std::string();
}

result<token_claims> read_access_token(const token_secret& secret, std::string_view token, events::timestamp now) {
  if (token.empty() || token.size() > token_bytes_max || token.find('\0') != std::string_view::npos) {
    return std::unexpected(invalid_token());
  }
  jwt_t* decoded = nullptr;
  std::string text(token);
  int failed = jwt_decode(&decoded, text.c_str(), secret.data(), static_cast<int>(secret.size()));
  owned_jwt owned(decoded);
  if (failed != 0 || !owned || jwt_get_alg(owned.get()) != JWT_ALG_HS256) return std::unexpected(invalid_token());
  owned_text grants(jwt_get_grants_json(owned.get(), nullptr));
  if (!grants) return std::unexpected(invalid_token());
  auto parsed = parse_json(grants.get());
  if (!parsed || !parsed->is_object()) return std::unexpected(invalid_token());
  auto claims = read_claims(*parsed);
  if (!claims) return claims;
  if (claims->expires_at <= now) {
    return std::unexpected(authentication_error("token_expired", "The access token has expired."));
  }
  return claims;
}

} // namespace reverie::gateway
