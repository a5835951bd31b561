#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reverie::gateway {

struct png_text {
  std::string keyword;
  std::string text;
};

/// The texts of a PNG (chunks tEXt, and iTXt when not compressed), before and behind the picture, without decoding it: the size of
/// the file bounds all work. Nothing when the bytes are no PNG or a chunk runs over the end.
std::optional<std::vector<png_text>> read_png_texts(std::string_view png);

/// Base64 with or without padding, line breaks allowed; and back, padded.
std::optional<std::string> decode_base64(std::string_view text);
std::string encode_base64(std::string_view bytes);

} // namespace reverie::gateway
