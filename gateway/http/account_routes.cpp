#include "gateway/http/resource_json.hpp"
#include "gateway/http/rest_api.hpp"
#include "gateway/wire/json_input.hpp"
#include "gateway/wire/json_object.hpp"

#include "events/model/limits.hpp"

namespace reverie::gateway {

namespace limits = events::limits;

void rest_api::add_account_routes(std::vector<route>& routes) {
  routes.push_back(bound({"POST", "/api/v1/auth/register", "Sign up", route_access::everybody, "Registration", "SignedUp", 201, false,
                          {}, {"application/json"}, limits::json_body_bytes},
                         &rest_api::sign_up));
  routes.push_back(bound({"POST", "/api/v1/auth/token", "Sign in (grant_type password), or rotate a refresh token",
                          route_access::everybody, "TokenRequest", "Tokens", 200, false, {}, {"application/x-www-form-urlencoded"},
                          limits::header_bytes},
                         &rest_api::sign_in));
  routes.push_back(bound({"POST", "/api/v1/auth/logout", "Revoke a refresh token and its family", route_access::everybody,
                          "RefreshToken", "", 204, false, {}, {"application/json"}, limits::header_bytes},
                         &rest_api::sign_out));
  routes.push_back(bound({"POST", "/api/v1/auth/api-keys", "Make an API key; it is told once", route_access::signed_in, "ApiKeyRequest",
                          "ApiKey", 201, false, {}, {"application/json"}, limits::header_bytes},
                         &rest_api::make_api_key));
  routes.push_back(bound({"GET", "/api/v1/users/me", "Who is signed in", route_access::signed_in, "", "User", 200, false, {"min_position"}},
                         &rest_api::me));
}

task<http_response> rest_api::sign_up(http_request& request) {
  auto body = parse_object(request.body);
  if (!body) co_return refused(request, body.error());
  auto email = required_text(*body, "email", limits::email_bytes);
  if (!email) co_return refused(request, email.error());
  auto password = required_text(*body, "password", limits::password_bytes);
  if (!password) co_return refused(request, password.error());
  auto name = required_text(*body, "name", limits::name_bytes);
  if (!name) co_return refused(request, name.error());
  auto made = co_await accounts_.sign_up(std::move(*email), std::move(*password), std::move(*name));
  if (!made) co_return refused(request, made.error());
  co_return with_position(json_response(201, to_json(*made)), made->position);
}

task<http_response> rest_api::sign_in(http_request& request) {
  auto form = parse_form(request.body);
  if (!form) co_return refused(request, validation_error("The form can't be read.", "body"));
  auto field = [&](std::string_view name) { return std::string(value_of(*form, name).value_or("")); };
  auto grant = field("grant_type");
  if (grant == "refresh_token") {
    auto tokens = co_await accounts_.refresh(field("refresh_token"));
    if (!tokens) co_return refused(request, tokens.error());
    co_return json_response(200, to_json(*tokens));
  }
  if (grant != "password" && !grant.empty()) {
    co_return refused(request, validation_error("grant_type is password or refresh_token.", "grant_type"));
  }
  for (const char* name : {"username", "password"}) {
    if (field(name).empty()) co_return refused(request, validation_error("This field is required.", name));
  }
  auto tokens = co_await accounts_.sign_in(field("username"), field("password"));
  if (!tokens) co_return refused(request, tokens.error());
  auto response = json_response(200, to_json(*tokens));
  response.headers.emplace_back("Cache-Control", "no-store");
  co_return response;
}

task<http_response> rest_api::sign_out(http_request& request) {
  auto body = parse_object(request.body);
  if (!body) co_return refused(request, body.error());
  auto token = required_text(*body, "refresh_token", 256);
  if (!token) co_return refused(request, token.error());
  auto done = co_await accounts_.sign_out(std::move(*token));
  if (!done) co_return refused(request, done.error());
  co_return with_end_of_log(empty_response(204));
}

task<http_response> rest_api::make_api_key(http_request& request) {
  auto body = parse_object(request.body);
  if (!body) co_return refused(request, body.error());
  auto label = required_text(*body, "label", limits::name_bytes);
  if (!label) co_return refused(request, label.error());
  auto key = co_await accounts_.make_api_key(request.who.user, *label);
  if (!key) co_return refused(request, key.error());
  std::string out;
  json_object(out).text("api_key", *key).text("label", *label);
  co_return with_end_of_log(json_response(201, std::move(out)));
}

task<http_response> rest_api::me(http_request& request) {
  auto position = min_position_of(request.query);
  if (!position) co_return refused(request, position.error());
  auto user = request.who.user;
  auto row = co_await rows_.read(user, *position, [user](auto& reads) { return reads.user(user); });
  if (!row) co_return refused(request, row.error());
  if (!*row) co_return not_there(request, not_found_error("There is no such person."));
  auto shown = std::move(**row);
  shown.roles = request.who.roles; // what holds for this sign-in; the row knows those of the registration
  co_return json_response(200, to_json(shown));
}

} // namespace reverie::gateway
