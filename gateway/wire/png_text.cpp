#include "gateway/wire/png_text.hpp"

#include <sodium.h>

#include <cstdint>

namespace reverie::gateway {

namespace {

constexpr std::string_view signature = "\x89PNG\r\n\x1a\n";
constexpr std::size_t chunk_overhead = 12; // length, type, CRC
constexpr std::size_t chunks_max = 16'384;
constexpr std::size_t texts_max = 64;

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = (value << 8) | static_cast<unsigned char>(bytes[i]);
  return value;
}

/// tEXt: keyword, zero, text. iTXt: keyword, zero, compressed?, method, language, zero, translated keyword, zero, text.
std::optional<png_text> text_of_chunk(std::string_view type, std::string_view data) {
  auto end = data.find('\0');
  if (end == std::string_view::npos || end == 0 || end > 79) return std::nullopt;
  std::string keyword(data.substr(0, end));
  data.remove_prefix(end + 1);
  if (type == "tEXt") return png_text{std::move(keyword), std::string(data)};
  if (data.size() < 2 || data[0] != 0) return std::nullopt;
  data.remove_prefix(2);
  for (int skipped = 0; skipped < 2; ++skipped) {
    auto zero = data.find('\0');
    if (zero == std::string_view::npos) return std::nullopt;
    data.remove_prefix(zero + 1);
  }
  return png_text{std::move(keyword), std::string(data)};
}

} // namespace

std::optional<std::vector<png_text>> read_png_texts(std::string_view png) {
  if (!png.starts_with(signature)) return std::nullopt;
  png.remove_prefix(signature.size());
  std::vector<png_text> texts;
  for (std::size_t chunks = 0; chunks < chunks_max && png.size() >= chunk_overhead; ++chunks) {
    auto length = big_endian(png);
    auto type = png.substr(4, 4);
    if (length > png.size() - chunk_overhead) return std::nullopt;
    if (chunks == 0 && type != "IHDR") return std::nullopt;
    if (type == "IEND") return texts;
    if ((type == "tEXt" || type == "iTXt") && texts.size() < texts_max) {
      if (auto text = text_of_chunk(type, png.substr(8, length))) texts.push_back(std::move(*text));
    }
    png.remove_prefix(chunk_overhead + length);
  }
  return texts; // many cards in the wild lack the end chunk
}

std::optional<std::string> decode_base64(std::string_view text) {
  while (!text.empty() && (text.back() == '=' || text.back() == '\n' || text.back() == '\r' || text.back() == ' ' ||
                           text.back() == '\0')) {
    text.remove_suffix(1);
  }
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(), "\r\n\t ", &size,
                        &end, sodium_base64_VARIANT_ORIGINAL_NO_PADDING) != 0 ||
      end != text.data() + text.size()) {
    return std::nullopt;
  }
  bytes.resize(size);
  return bytes;
}

std::string encode_base64(std::string_view bytes) {
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  text.pop_back(); // the terminating zero
  return text;
}

} // namespace reverie::gateway
