#include "gateway/http/message_head.hpp"

#include <algorithm>

namespace reverie::gateway {

namespace {

std::string_view reason_of(int status) {
  switch (status) {
  case 200: return "OK";
  case 201: return "Created";
  case 202: return "Accepted";
  case 204: return "No Content";
  case 304: return "Not Modified";
  case 400: return "Bad Request";
  case 401: return "Unauthorized";
  case 403: return "Forbidden";
  case 404: return "Not Found";
  case 405: return "Method Not Allowed";
  case 409: return "Conflict";
  case 413: return "Content Too Large";
  case 415: return "Unsupported Media Type";
  case 422: return "Unprocessable Content";
  case 426: return "Upgrade Required";
  case 429: return "Too Many Requests";
  case 431: return "Request Header Fields Too Large";
  case 500: return "Internal Server Error";
  case 503: return "Service Unavailable";
  default: return "Unknown";
  }
}

} // namespace

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::string credential_of(const http_request& request) {
  if (auto key = request.header("x-api-key"); !key.empty()) return std::string(key);
  auto given = request.header("authorization");
  if (given.size() > 7 && lower_case(given.substr(0, 7)) == "bearer ") return std::string(given.substr(7));
  return {};
}

std::string head_of(const http_response& response, std::string_view request_id, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head.append(reason_of(response.status)).append("\r\nServer: reverie\r\nX-Content-Type-Options: nosniff\r\nX-Request-Id: ");
  head.append(request_id);
  if (!response.media_type.empty()) head.append("\r\nContent-Type: ").append(response.media_type);
  if (response.status != 204 && response.status != 304) {
    head.append("\r\nContent-Length: ").append(std::to_string(response.content().size()));
  }
  for (const auto& [name, value] : response.headers) head.append("\r\n").append(name).append(": ").append(value);
  head.append(keep_alive ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n");
  return head;
}

} // namespace reverie::gateway
