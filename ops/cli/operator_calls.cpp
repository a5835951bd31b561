#include "ops/cli/operator_calls.hpp"

#include <cctype>
#include <cstdlib>
#include <format>
#include <future>

namespace reverie::ops {

using events::fail;
using events::failure_code;
using events::outcome;
using nlohmann::ordered_json;

namespace {

constexpr const char* key_variable = "REVERIE_OPERATOR_KEY";
constexpr int done_from = 200, done_to = 299;

} // namespace

failure_code code_of_status(int status) {
  if (status == 0 || status == 429 || status == 503) return failure_code::unavailable;
  if (status == 404) return failure_code::not_found;
  if (status >= 500) return failure_code::outcome_unknown;
  return failure_code::locked;
}

std::string query_value(std::string_view text) {
  std::string out;
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    if (std::isalnum(byte) != 0 || each == '-' || each == '_' || each == '.' || each == '~') out += each;
    else out += std::format("%{:02X}", byte);
  }
  return out;
}

operator_calls::operator_calls(actors::model_endpoint endpoint) : endpoint_(std::move(endpoint)), client_(std::make_unique<actors::http_client>()) {}

outcome<operator_calls> operator_calls::to(const settings& given, const std::string& server) {
  auto endpoint = actors::parse_endpoint(server.empty() ? "http://127.0.0.1:" + given.text("port") : server);
  if (!endpoint) return std::unexpected(endpoint.error());
  const char* key = std::getenv(key_variable);
  if (key == nullptr || *key == '\0') return fail(failure_code::malformed, std::string("put an API key or access token of an operator into ") + key_variable);
  endpoint->api_key = key;
  endpoint->base_path += "/api/v1/admin";
  return operator_calls(std::move(*endpoint));
}

outcome<ordered_json> operator_calls::get(const std::string& path) {
  return ask({.endpoint = endpoint_, .path = path, .accept = "application/json", .body = {}, .is_get = true});
}

outcome<ordered_json> operator_calls::post(const std::string& path, const ordered_json& body) {
  return ask({.endpoint = endpoint_, .path = path, .accept = "application/json", .body = body.dump()});
}

outcome<ordered_json> operator_calls::ask(actors::http_post request) {
  struct exchange {
    int status = 0;
    std::string text;
    std::promise<outcome<void>> ended;
  };
  auto one = std::make_shared<exchange>();
  auto ended = one->ended.get_future();
  const auto call = client_->post(std::move(request), {.head = [one](const actors::http_head& head) { one->status = head.status; },
                                                       .data = [one](std::string_view bytes) { one->text += bytes; return true; },
                                                       .end = [one](outcome<void> how) { one->ended.set_value(std::move(how)); }});
  if (auto how = ended.get(); !how) return std::unexpected(how.error());
  auto answer = ordered_json::parse(one->text, nullptr, false);
  if (one->status >= done_from && one->status <= done_to && answer.is_object()) return answer;
  const auto error = answer.is_object() ? answer.find("error") : answer.end();
  const bool told = answer.is_object() && error != answer.end() && error->is_object();
  return fail(code_of_status(one->status), told ? error->value("message", one->text) : "the server answered " + std::to_string(one->status));
}

} // namespace reverie::ops
