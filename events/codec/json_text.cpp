#include "events/codec/json_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <simdjson.h>

namespace reverie::events {

namespace {

constexpr char hex_digits[] = "0123456789abcdef";
constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

/// Bytes that can't stand in a JSON string as they are.
constexpr auto needs_escape = [] {
  std::array<bool, 256> table{};
  for (std::size_t byte = 0; byte < 0x20; ++byte) table[byte] = true;
  table['"'] = table['\\'] = true;
  return table;
}();

void append_escape(std::string& out, unsigned char byte) {
  switch (byte) {
  case '"': out += "\\\""; return;
  case '\\': out += "\\\\"; return;
  case '\b': out += "\\b"; return;
  case '\f': out += "\\f"; return;
  case '\n': out += "\\n"; return;
  case '\r': out += "\\r"; return;
  case '\t': out += "\\t"; return;
  default:
    out += "\\u00";
    out += hex_digits[byte >> 4];
    out += hex_digits[byte & 15];
  }
}

void append_valid(std::string& out, std::string_view text) {
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    if (!needs_escape[byte]) [[likely]]
      continue;
    out.append(text, start, i - start);
    append_escape(out, byte);
    start = i + 1;
  }
  out.append(text, start);
}

/// Length of the UTF-8 character at the start of `text`, 0 when there is none.
std::size_t valid_prefix(std::string_view text) {
  for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length) {
    if (simdjson::validate_utf8(text.data(), length)) return length;
  }
  return 0;
}

template <class Number>
void append_integer(std::string& out, Number value) {
  std::array<char, 24> digits;
  auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

} // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  if (simdjson::validate_utf8(text.data(), text.size())) [[likely]] {
    append_valid(out, text);
  } else {
    while (!text.empty()) {
      auto length = valid_prefix(text);
      append_valid(out, length == 0 ? replacement_character : text.substr(0, length));
      text.remove_prefix(length == 0 ? 1 : length);
    }
  }
  out += '"';
}

void append_json_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  std::array<char, 40> digits;
  auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
  out += text;
  // Without a point, a reader takes it for an integer, which has no negative zero and ends at 64 bits.
  bool integer = text.find_first_of(".e") == std::string_view::npos;
  if (integer && (text.size() > 15 || text == "-0")) out += ".0";
}

void append_json_number(std::string& out, std::int64_t value) { append_integer(out, value); }
void append_json_number(std::string& out, std::uint64_t value) { append_integer(out, value); }

void append_json_uuid(std::string& out, const uuid& id) {
  std::array<char, 38> text;
  text.front() = text.back() = '"';
  write_text(id, text.data() + 1);
  out.append(text.data(), text.size());
}

void append_hex(std::string& out, std::span<const std::uint8_t> bytes) {
  for (auto byte : bytes) {
    out += hex_digits[byte >> 4];
    out += hex_digits[byte & 15];
  }
}

std::string hex_text(std::span<const std::uint8_t> bytes) {
  std::string text;
  append_hex(text, bytes);
  return text;
}

bool read_hex(std::string_view text, std::span<std::uint8_t> out) {
  if (text.size() != out.size() * 2) return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    int high = hex_value(text[2 * i]);
    int low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

std::optional<std::string_view> plain_json_string(std::string_view json) {
  if (json.size() < 2 || json.front() != '"' || json.back() != '"') return std::nullopt;
  auto inner = json.substr(1, json.size() - 2);
  for (char c : inner) {
    if (needs_escape[static_cast<unsigned char>(c)]) return std::nullopt;
  }
  if (!simdjson::validate_utf8(inner.data(), inner.size())) return std::nullopt;
  return inner;
}

} // namespace reverie::events
