#include "gateway/http/unrouted.hpp"

namespace reverie::gateway {

http_response answer_unrouted(const http_request& request, const route_match& match, const static_site& site) {
  if (request.method == "OPTIONS") {
    auto response = empty_response(204);
    response.headers.emplace_back("Allow", match.allow.empty() ? "GET, HEAD" : match.allow);
    return response;
  }
  if (!match.allow.empty()) {
    api_error wrong{405, "validation_error", "This method is not allowed here.", "method"};
    auto response = error_response(wrong, request.request_id);
    response.headers.emplace_back("Allow", match.allow);
    return response;
  }
  bool is_file = (request.method == "GET" || request.method == "HEAD") && !request.path.starts_with("/api/");
  if (is_file) return site.answer(request);
  return error_response(not_found_error("There is nothing at this address."), request.request_id);
}

} // namespace reverie::gateway
