#include "gateway/http/request_report.hpp"

#include <algorithm>
#include <array>
#include <typeinfo>

namespace reverie::gateway {

void report_request(serving& shared, const http_request& request, const route* found, int status, double milliseconds) {
  std::string route = found != nullptr ? found->pattern : "file or unknown";
  static constexpr std::array<std::string_view, 7> known{"GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"};
  bool is_known = std::ranges::find(known, request.method) != known.end();
  shared.metrics.request(is_known ? request.method : "other", route, status, milliseconds);
  if (!shared.ports.log) return;
  log_entry entry;
  entry.severity = status >= 500 ? log_entry::level::warning : log_entry::level::info;
  entry.what = "request";
  entry.request_id = request.request_id;
  entry.method = is_known ? request.method : "other";
  entry.route = std::move(route);
  entry.status = status;
  entry.milliseconds = milliseconds;
  entry.user = request.who.user;
  shared.ports.log(entry);
}

void report_problem(serving& shared, const http_request& request, const route& at, const std::exception& problem) {
  if (!shared.ports.log) return;
  log_entry entry;
  entry.severity = log_entry::level::error;
  entry.what = "problem";
  entry.request_id = request.request_id;
  entry.route = at.pattern;
  entry.message = typeid(problem).name();
  shared.ports.log(entry);
}

} // namespace reverie::gateway
