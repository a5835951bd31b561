#pragma once

#include "gateway/http/message.hpp"

#include "events/model/failure.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <unordered_map>

namespace reverie::gateway {

/// The web page's files, read once at start and kept in memory. Immutable afterwards.
class static_site {
public:
  /// An empty folder name gives an empty site; `too_large` over 64 MiB in all.
  static events::outcome<static_site> load(const std::filesystem::path& folder);

  /// The file of a path; paths that look like pages (no dot in the last part) give `console.html` at and below `/console`, `index.html`
  /// elsewhere. 304 when the tag is known; 404.
  http_response answer(const http_request& request) const;

private:
  struct file {
    std::shared_ptr<const std::string> bytes;
    std::string media_type;
    std::string etag;
    bool named_by_content = false; ///< below /assets/: may be kept for ever
  };
  std::unordered_map<std::string, file> files_;
};

} // namespace reverie::gateway
