#include "gateway/wire/text_checks.hpp"

#include "events/model/limits.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace reverie::gateway {

namespace {

bool is_continuation(unsigned char byte) noexcept { return (byte & 0xC0) == 0x80; }

/// Length of the valid character at `at`, or 0.
std::size_t character_length(std::string_view text, std::size_t at) noexcept {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  auto left = text.size() - at;
  auto first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;
  if (first < 0xE0) return left >= 2 && is_continuation(byte(1)) ? 2 : 0;
  if (first < 0xF0) {
    if (left < 3 || !is_continuation(byte(1)) || !is_continuation(byte(2))) return 0;
    if (first == 0xE0 && byte(1) < 0xA0) return 0;
    if (first == 0xED && byte(1) > 0x9F) return 0;
    return 3;
  }
  if (first > 0xF4 || left < 4) return 0;
  if (!is_continuation(byte(1)) || !is_continuation(byte(2)) || !is_continuation(byte(3))) return 0;
  if (first == 0xF0 && byte(1) < 0x90) return 0;
  if (first == 0xF4 && byte(1) > 0x8F) return 0;
  return 4;
}

bool is_id_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

} // namespace

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    auto length = character_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

result<void> check_text(std::string_view text, std::size_t bytes_max, std::string_view param) {
  if (text.size() > bytes_max) {
    return std::unexpected(
        validation_error("This is longer than " + std::to_string(bytes_max) + " bytes.", std::string(param)));
  }
  if (!is_utf8(text)) return std::unexpected(validation_error("This is not valid UTF-8.", std::string(param)));
  if (text.find('\0') != std::string_view::npos) {
    return std::unexpected(validation_error("The character U+0000 is not allowed.", std::string(param)));
  }
  return {};
}

bool is_blank(std::string_view text) noexcept {
  // Unicode White_Space beyond ASCII, then zero-width (non-)joiners, space, word joiner and byte order mark.
  static constexpr std::array<std::string_view, 25> unseen{
      "\xC2\x85", "\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009",
      "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000", "\u200B", "\u200C", "\u200D", "\u2060", "\uFEFF", "\u00AD"};
  while (!text.empty()) {
    auto first = text.front();
    if (first == ' ' || (first >= '\t' && first <= '\r')) {
      text.remove_prefix(1);
      continue;
    }
    auto found = std::ranges::find_if(unseen, [&](std::string_view each) { return text.starts_with(each); });
    if (found == unseen.end()) return false;
    text.remove_prefix(found->size());
  }
  return true;
}

bool is_email(std::string_view text) noexcept {
  if (text.size() > events::limits::email_bytes || !is_utf8(text)) return false;
  auto at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || text.find('@', at + 1) != std::string_view::npos) return false;
  auto domain = text.substr(at + 1);
  auto dot = domain.find('.');
  if (dot == std::string_view::npos || dot == 0 || domain.back() == '.' || domain.find("..") != std::string_view::npos) return false;
  return std::ranges::all_of(text, [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7F && c != '"' && c != '<' && c != '>' && c != ',' && c != ';';
  });
}

bool is_request_id(std::string_view text) noexcept {
  return !text.empty() && text.size() <= events::limits::request_id_bytes && std::ranges::all_of(text, is_id_character);
}

std::string_view cut_at_character(std::string_view text, std::size_t bytes_max) noexcept {
  if (text.size() <= bytes_max) return text;
  auto end = bytes_max;
  while (end > 0 && is_continuation(static_cast<unsigned char>(text[end]))) --end;
  return text.substr(0, end);
}

} // namespace reverie::gateway
