#include "gateway/http/message.hpp"

namespace reverie::gateway {

std::string_view http_request::header(std::string_view lower_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_name) return value;
  }
  return {};
}

http_response json_response(int status, std::string body) {
  http_response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

http_response empty_response(int status) {
  http_response response;
  response.status = status;
  response.media_type.clear();
  return response;
}

http_response error_response(const api_error& error, std::string_view request_id) {
  auto response = json_response(error.status, error_body(error, request_id));
  if (error.retry_after) {
    response.headers.emplace_back("Retry-After", std::to_string(retry_after_seconds(*error.retry_after)));
  }
  if (error.retry_is_useless) response.headers.emplace_back("x-should-retry", "false");
  if (error.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

} // namespace reverie::gateway
