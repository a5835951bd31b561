#pragma once

#include "gateway/http/message.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace reverie::gateway {

enum class route_access { everybody, signed_in, operators };

/// The next part of a stream of server-sent events (text as it goes out; empty: nothing new), or why it ends.
using event_source = std::function<task<result<std::string>>()>;
/// Checks what a stream was asked for, and gives its source.
using stream_opener = std::function<task<result<event_source>>(http_request&)>;

/// One call of the REST surface; the table of these makes the router and the OpenAPI document.
struct route {
  std::string method;
  std::string pattern; ///< `/api/v1/characters/{id}`
  std::string summary;
  route_access access = route_access::signed_in;
  std::string request_schema = {}; ///< name of the body's schema, or empty
  std::string response_schema = {};
  int success = 200;
  bool is_list = false;
  std::vector<std::string> query = {}; ///< further query parameters
  std::vector<std::string> body_types = {}; ///< empty: no body
  std::size_t body_max = 0;
  http_handler handler = {};
  stream_opener stream = {}; ///< instead of a handler: the answer is a stream of server-sent events
  std::chrono::milliseconds stream_every{1'000}; ///< how often its source is asked
};

/// What a path leads to.
struct route_match {
  const route* found = nullptr;
  std::vector<std::string> path_values;
  std::string allow; ///< methods for `Allow` when the path is known but not the method
};

/// A static table of routes. Immutable after construction, so usable from all io threads.
class router {
public:
  explicit router(std::vector<route> routes) : routes_(std::move(routes)) {}
  /// HEAD is answered by GET.
  route_match match(std::string_view method, std::string_view path) const;
  const std::vector<route>& routes() const { return routes_; }

private:
  std::vector<route> routes_;
};

} // namespace reverie::gateway
