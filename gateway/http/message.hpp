#pragma once

#include "gateway/bridge/account_service.hpp"
#include "gateway/wire/url_text.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reverie::gateway {

using header_fields = std::vector<std::pair<std::string, std::string>>;

/// A request as handlers see it; free of Beast.
struct http_request {
  std::string method;
  std::string path; ///< decoded, without the query
  form_fields query;
  header_fields headers; ///< names in lower case
  std::string media_type; ///< of the body: lower case, without parameters
  std::string body;
  std::string request_id;
  std::string address; ///< of the other end of the connection
  std::vector<std::string> path_values; ///< what stood for `{…}` in the route's pattern
  principal who;                        ///< nil user when the route is open to everybody

  /// Empty when it is not there.
  std::string_view header(std::string_view lower_name) const;
};

/// An answer; `shared_body` wins over `body` (files that stay in memory).
struct http_response {
  int status = 200;
  std::string media_type = "application/json";
  std::string body;
  std::shared_ptr<const std::string> shared_body;
  header_fields headers;

  std::string_view content() const { return shared_body ? std::string_view(*shared_body) : std::string_view(body); }
};

http_response json_response(int status, std::string body);
http_response empty_response(int status);
/// With `Retry-After` and `x-should-retry` where the error says so.
http_response error_response(const api_error& error, std::string_view request_id);

using http_handler = std::function<task<http_response>(http_request&)>;

} // namespace reverie::gateway
