#include "gateway/http/router.hpp"

#include <optional>

namespace reverie::gateway {

namespace {

std::string_view next_segment(std::string_view& path) {
  auto slash = path.find('/');
  auto segment = path.substr(0, slash);
  path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  return segment;
}

std::optional<std::vector<std::string>> values_in(std::string_view pattern, std::string_view path) {
  std::vector<std::string> values;
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  while (!pattern.empty() && !path.empty()) {
    auto wanted = next_segment(pattern);
    auto given = next_segment(path);
    if (wanted.starts_with('{')) {
      if (given.empty()) return std::nullopt;
      values.emplace_back(given);
    } else if (wanted != given) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return values;
}

} // namespace

route_match router::match(std::string_view method, std::string_view path) const {
  route_match result;
  auto wanted = method == "HEAD" ? std::string_view("GET") : method;
  for (const auto& each : routes_) {
    auto values = values_in(each.pattern, path);
    if (!values) continue;
    if (each.method == wanted) {
      result.found = &each;
      result.path_values = std::move(*values);
      return result;
    }
    if (!result.allow.empty()) result.allow += ", ";
    result.allow += each.method == "GET" ? "GET, HEAD" : each.method;
  }
  return result;
}

} // namespace reverie::gateway
