#pragma once

#include "events/codec/fields_json.hpp"
#include "events/codec/fields_json_read.hpp"
#include "events/codec/fields_json_write.hpp"

namespace reverie::events {

template <described T>
std::string to_canonical_json(const T& value) {
  std::string out;
  fields_json::write(out, value);
  return out;
}

template <described T>
outcome<T> from_canonical_json(std::string_view json_text) {
  json_parser parser;
  auto root = parser.parse(json_text);
  if (!root) return std::unexpected(root.error());
  T value{};
  fields_json::fault why;
  if (!fields_json::read(*root, value, why)) return std::unexpected(why.as_failure());
  return value;
}

} // namespace reverie::events
