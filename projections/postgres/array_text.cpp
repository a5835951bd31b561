#include "projections/postgres/array_text.hpp"

#include <charconv>

namespace reverie::projections {
namespace {

std::string hex_of(std::string_view bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "\\x";
  text.reserve(2 + bytes.size() * 2);
  for (const char each : bytes) {
    const auto byte = static_cast<unsigned char>(each);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

struct cell_adder {
  array_text& out;

  void operator()(std::monostate) const { out.add_null(); }
  void operator()(bool cell) const { out.add_plain(cell ? "t" : "f"); }
  void operator()(std::int64_t cell) const { out.add_plain(std::to_string(cell)); }
  void operator()(double cell) const {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, cell).ptr;
    out.add_plain({text, end});
  }
  void operator()(const std::string& cell) const { out.add_text(cell); }
  void operator()(const events::uuid& cell) const { out.add(cell); }
  void operator()(const events::timestamp& cell) const { out.add_text(events::format_rfc3339(cell)); }
  void operator()(const std::vector<std::string>& cell) const { out.add_text(array_of(cell)); }
  void operator()(const json_text& cell) const { out.add_text(cell.text); }
  void operator()(const bytes_text& cell) const { out.add_text(hex_of(cell.bytes)); }
};

} // namespace

void array_text::add_text(std::string_view text) {
  auto& out = begin();
  out += '"';
  for (const char each : text) {
    if (each == '"' || each == '\\') out += '\\';
    out += each;
  }
  out += '"';
}

void array_text::add(const value& cell) { std::visit(cell_adder{*this}, cell); }

std::string array_of(const std::vector<std::string>& texts) {
  array_text out;
  for (const auto& each : texts) out.add_text(each);
  return std::move(out).finish();
}

} // namespace reverie::projections
