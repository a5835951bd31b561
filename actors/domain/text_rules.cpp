#include "actors/domain/text_rules.hpp"

#include <algorithm>
#include <cstdint>

namespace reverie::actors {
namespace {

/// Bytes of the well-formed character at the start of `text`, 0 when there is none (Unicode 16, table 3-7).
std::size_t well_formed_bytes(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  const auto follows = [&](std::size_t at) { return at < text.size() && (byte(at) & 0xC0U) == 0x80U; };
  if (text.empty()) return 0;
  const auto lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (!follows(1) || !follows(2)) return 0;
    if ((lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) > 0x9F)) return 0;
    return 3;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (!follows(1) || !follows(2) || !follows(3)) return 0;
    if ((lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) > 0x8F)) return 0;
    return 4;
  }
  return 0;
}

} // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto bytes = well_formed_bytes(text);
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

std::optional<rejection> refuse_text(std::string_view text, std::size_t bytes_max, std::string_view what, std::string_view param) {
  const auto invalid = [&](std::string_view why) {
    return rejection{rejection_code::validation_error, std::string(what) + std::string(why), std::string(param)};
  };
  if (text.empty()) return invalid(" must not be empty.");
  if (text.size() > bytes_max) return invalid(" is longer than " + std::to_string(bytes_max) + " bytes.");
  if (text.contains('\0')) return invalid(" must not contain U+0000.");
  if (!is_utf8(text)) return invalid(" must be UTF-8.");
  return std::nullopt;
}

std::string_view cut_at_character(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  auto end = bytes_max;
  while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

} // namespace reverie::actors
