#pragma once

#include "events/model/ids.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace reverie::events {

/// Appends `text` as a JSON string with quotes. UTF-8 stays byte for byte; a byte that is no UTF-8 becomes U+FFFD, so that what was
/// written can always be read.
void append_json_string(std::string& out, std::string_view text);

/// Appends a number in its shortest form that reads back as the same double; what JSON can't say (NaN, infinities) becomes null.
void append_json_number(std::string& out, double value);
void append_json_number(std::string& out, std::int64_t value);
void append_json_number(std::string& out, std::uint64_t value);

/// Appends an id in quotes.
void append_json_uuid(std::string& out, const uuid& id);

/// Appends bytes as lower-case hex, without quotes; and back into exactly `out.size()` bytes, false when malformed.
void append_hex(std::string& out, std::span<const std::uint8_t> bytes);
bool read_hex(std::string_view text, std::span<std::uint8_t> out);
std::string hex_text(std::span<const std::uint8_t> bytes);

/// The string between the quotes of a JSON text that is one string without escapes: the short way for most opened fields. Nothing for
/// anything else.
std::optional<std::string_view> plain_json_string(std::string_view json);

} // namespace reverie::events
