#include "gateway/http/request_head.hpp"

#include "gateway/bridge/fresh_ids.hpp"
#include "gateway/http/message_head.hpp"
#include "gateway/wire/png_text.hpp"
#include "gateway/wire/text_checks.hpp"

#include <algorithm>

namespace reverie::gateway {

namespace {
constexpr unsigned http_1_1 = 11;
constexpr std::size_t handshake_key_bytes = 16;
constexpr std::string_view handshake_version = "13";
} // namespace

std::optional<api_error> read_head(http_request& into, const boost::beast::http::request_header<>& head, events::timestamp now) {
  into.method = std::string(head.method_string());
  for (const auto& field : head) into.headers.emplace_back(lower_case(field.name_string()), std::string(field.value()));
  auto id = into.header("x-request-id");
  into.request_id = is_request_id(id) ? std::string(id) : events::to_string(fresh_uuid(now));
  auto type = lower_case(into.header("content-type"));
  into.media_type = type.substr(0, type.find(';'));
  while (into.media_type.ends_with(' ')) into.media_type.pop_back();
  auto hosts = std::ranges::count(into.headers, "host", &std::pair<std::string, std::string>::first);
  if (hosts > 1 || (hosts == 0 && head.version() == http_1_1)) return validation_error("A request names one host.", "Host");
  std::string_view target(head.target().data(), head.target().size());
  auto question = target.find('?');
  auto path = percent_decode(target.substr(0, question), false);
  auto query = parse_form(question == std::string_view::npos ? std::string_view{} : target.substr(question + 1));
  if (!path || !path->starts_with('/') || !query) return validation_error("The address can't be read.", "url");
  into.path = std::move(*path);
  into.query = std::move(*query);
  return std::nullopt;
}

std::optional<http_response> refuse_handshake(const http_request& request) {
  if (request.header("sec-websocket-version") != handshake_version) {
    auto response = error_response({426, "validation_error", "Version 13 of the WebSocket protocol is spoken.", "Sec-WebSocket-Version"},
                                   request.request_id);
    response.headers.emplace_back("Sec-WebSocket-Version", handshake_version);
    response.headers.emplace_back("Upgrade", "websocket");
    return response;
  }
  auto key = decode_base64(request.header("sec-websocket-key"));
  if (!key || key->size() != handshake_key_bytes) {
    return error_response(validation_error("The key of the handshake must be 16 bytes in base64.", "Sec-WebSocket-Key"), request.request_id);
  }
  return std::nullopt;
}

} // namespace reverie::gateway
