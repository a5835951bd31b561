#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace reverie::projections {

/// Base64 with the URL-safe alphabet and without padding, for cursors.
std::string encode_base64url(std::string_view bytes);

/// Reads base64 of either alphabet, with or without padding; nothing when malformed.
std::optional<std::string> decode_base64(std::string_view text);

} // namespace reverie::projections
