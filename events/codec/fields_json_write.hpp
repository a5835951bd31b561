#pragma once

#include "events/codec/fields_json_types.hpp"
#include "events/codec/json_text.hpp"

#include <algorithm>
#include <utility>

namespace reverie::events::fields_json {

template <class T>
void write(std::string& out, const T& value);

template <class Range>
void write_array(std::string& out, const Range& items) {
  out += '[';
  bool first = true;
  for (const auto& item : items) {
    if (!std::exchange(first, false)) out += ',';
    write(out, item);
  }
  out += ']';
}

/// The items of a hashed container in key order, so that equal containers give equal bytes.
template <hashed T>
auto in_key_order(const T& items) {
  std::vector<const typename T::value_type*> order;
  order.reserve(items.size());
  for (const auto& item : items) order.push_back(&item);
  std::ranges::sort(order, [](const auto* left, const auto* right) {
    if constexpr (mapping<T>) return left->first < right->first;
    else return *left < *right;
  });
  return order;
}

template <class T>
void write_keyed(std::string& out, const T& items) {
  if constexpr (hashed<T>) {
    out += '[';
    bool first = true;
    for (const auto* item : in_key_order(items)) {
      if (!std::exchange(first, false)) out += ',';
      write(out, *item);
    }
    out += ']';
  } else {
    write_array(out, items);
  }
}

/// Writes `{"name":value,…}`; `write_field(description, value)` writes one value. Absent optional fields are left out.
template <described T, class Writer>
void write_object(std::string& out, const T& value, Writer&& write_field) {
  out += '{';
  bool first = true;
  for_each_field<T>([&](const auto& each) {
    const auto& member = value.*(each.member);
    if constexpr (is_optional<std::remove_cvref_t<decltype(member)>>) {
      if (!member) return;
    }
    if (!std::exchange(first, false)) out += ',';
    out += '"';
    out += each.name;
    out += "\":";
    write_field(each, member);
  });
  out += '}';
}

template <class T>
void write_variant(std::string& out, const T& value) {
  std::visit(
      [&]<class Alternative>(const Alternative& alternative) {
        static_assert(named<Alternative>, "alternatives of a variant are described structs with a name");
        out += R"({"type":")";
        out += std::string_view(Alternative::name);
        out += R"(","data":)";
        write(out, alternative);
        out += '}';
      },
      value);
}

/// Values that are one JSON number.
template <class T>
void write_number(std::string& out, const T& value) {
  if constexpr (std::floating_point<T>) append_json_number(out, static_cast<double>(value));
  else if constexpr (std::signed_integral<T>) append_json_number(out, static_cast<std::int64_t>(value));
  else append_json_number(out, static_cast<std::uint64_t>(value));
}

template <class T>
void write(std::string& out, const T& value) {
  if constexpr (std::same_as<T, bool>) out += value ? "true" : "false";
  else if constexpr (std::integral<T> || std::floating_point<T>) write_number(out, value);
  else if constexpr (std::is_enum_v<T>) write_number(out, std::to_underlying(value));
  else if constexpr (std::same_as<T, std::string>) append_json_string(out, value);
  else if constexpr (std::same_as<T, uuid>) append_json_uuid(out, value);
  else if constexpr (is_strong_id<T>) append_json_uuid(out, value.value);
  else if constexpr (is_strong_number<T>) write_number(out, value.value);
  else if constexpr (is_time_point<T>) write_number(out, value.time_since_epoch().count());
  else if constexpr (is_duration<T>) write_number(out, value.count());
  else if constexpr (std::same_as<T, entity_ref> || std::same_as<T, log_position>) append_json_string(out, to_string(value));
  else if constexpr (std::same_as<T, entity_address>) write(out, std::pair{value.entity, value.slice_key});
  else if constexpr (is_bytes<T>) {
    out += '"';
    append_hex(out, value);
    out += '"';
  } else if constexpr (is_optional<T>) {
    if (value) write(out, *value);
    else out += "null";
  } else if constexpr (is_pair<T>) {
    out += '[';
    write(out, value.first);
    out += ',';
    write(out, value.second);
    out += ']';
  } else if constexpr (is_variant<T>) write_variant(out, value);
  else if constexpr (described<T>) write_object(out, value, [&](const auto&, const auto& member) { write(out, member); });
  else if constexpr (keyed<T>) write_keyed(out, value);
  else if constexpr (listing<T>) write_array(out, value);
  else static_assert(supported<T>, "a field type that fields_json_types.hpp does not name");
}

} // namespace reverie::events::fields_json
