#include "gateway/http/static_site.hpp"

#include "gateway/bridge/fresh_ids.hpp"

#include <array>
#include <fstream>
#include <iterator>

namespace reverie::gateway {

namespace {

constexpr std::size_t site_bytes_max = 64 * 1024 * 1024;
constexpr std::string_view content_policy =
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> media_types{{{".html", "text/html; charset=utf-8"},
                                                                                     {".js", "text/javascript; charset=utf-8"},
                                                                                     {".mjs", "text/javascript; charset=utf-8"},
                                                                                     {".css", "text/css; charset=utf-8"},
                                                                                     {".json", "application/json"},
                                                                                     {".svg", "image/svg+xml"},
                                                                                     {".png", "image/png"},
                                                                                     {".jpg", "image/jpeg"},
                                                                                     {".webp", "image/webp"},
                                                                                     {".ico", "image/x-icon"},
                                                                                     {".woff2", "font/woff2"},
                                                                                     {".txt", "text/plain; charset=utf-8"},
                                                                                     {".map", "application/json"},
                                                                                     {".webmanifest", "application/manifest+json"}}};

std::string media_type_of(const std::filesystem::path& path) {
  auto extension = path.extension().string();
  for (const auto& [known, type] : media_types) {
    if (known == extension) return std::string(type);
  }
  return "application/octet-stream";
}

bool is_of_console(std::string_view path) { return path == "/console" || path.starts_with("/console/"); }

} // namespace

events::outcome<static_site> static_site::load(const std::filesystem::path& folder) {
  static_site site;
  std::error_code problem;
  if (folder.empty() || !std::filesystem::is_directory(folder, problem)) return site;
  std::size_t total = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, problem)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream input(entry.path(), std::ios::binary);
    auto bytes = std::make_shared<std::string>(std::istreambuf_iterator<char>(input), std::istreambuf_iterator<char>());
    total += bytes->size();
    if (total > site_bytes_max) return events::fail(events::failure_code::too_large, "the web page's folder is over 64 MiB");
    auto path = "/" + entry.path().lexically_relative(folder).generic_string();
    auto etag = "\"" + digest_hex(*bytes).substr(0, 32) + "\"";
    site.files_.emplace(path, file{std::move(bytes), media_type_of(entry.path()), std::move(etag), path.starts_with("/assets/")});
  }
  if (problem) return events::fail(events::failure_code::unavailable, "the web page's folder can't be read: " + problem.message());
  return site;
}

http_response static_site::answer(const http_request& request) const {
  auto found = files_.find(request.path);
  auto last_part = std::string_view(request.path).substr(request.path.rfind('/') + 1);
  bool is_page = last_part.find('.') == std::string_view::npos;
  if (found == files_.end() && is_page) found = files_.find(is_of_console(request.path) ? "/console.html" : "/index.html");
  if (found == files_.end()) return error_response(not_found_error("There is nothing at this address."), request.request_id);
  const auto& page = found->second;
  http_response response;
  response.media_type = page.media_type;
  response.headers = {{"ETag", page.etag},
                      {"Cache-Control", page.named_by_content ? "public, max-age=31536000, immutable" : "no-cache"},
                      {"Content-Security-Policy", std::string(content_policy)},
                      {"Referrer-Policy", "same-origin"}};
  if (request.header("if-none-match") == page.etag) {
    response.status = 304;
    response.media_type.clear();
  } else {
    response.shared_body = page.bytes;
  }
  return response;
}

} // namespace reverie::gateway
