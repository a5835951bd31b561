#pragma once

#include "events/codec/fields_json_types.hpp"
#include "events/codec/json_parser.hpp"
#include "events/codec/json_text.hpp"

#include <cmath>
#include <limits>
#include <utility>

namespace reverie::events::fields_json {

using element = simdjson::dom::element;

/// Why a value could not be read and where: `profile.tags: expected an array`. Never holds text of the value.
struct fault {
  failure_code code = failure_code::malformed;
  std::string what;
  std::string path;

  bool expected(std::string_view kind) {
    what = "expected ";
    what += kind;
    return false;
  }
  bool within(std::string_view field) {
    path = path.empty() ? std::string(field) : std::string(field) + "." + path;
    return false;
  }
  failure as_failure() const { return {code, path.empty() ? what : path + ": " + what, std::nullopt}; }
};

template <class T>
bool read(const element& from, T& into, fault& why);

/// Index of the field called `name`, looked for from `hint` on (fields mostly come in order); the count of fields when unknown.
template <described T>
std::size_t field_index(std::string_view name, std::size_t hint) {
  static constexpr auto names = std::apply([](const auto&... each) { return std::array<std::string_view, sizeof...(each)>{each.name...}; },
                                           T::fields);
  if (hint < names.size() && names[hint] == name) return hint;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return i;
  }
  return names.size();
}

/// Reads an object's known fields in whatever order; `read_field(description, element, member)` reads one value. Fields that are
/// missing keep what `into` holds; unknown ones are skipped; null stands for a missing one.
template <described T, class Reader>
bool read_object(const element& from, T& into, fault& why, Reader&& read_field) {
  static constexpr std::size_t count = std::tuple_size_v<std::remove_cvref_t<decltype(T::fields)>>;
  simdjson::dom::object object;
  if (from.get(object)) return why.expected("an object");
  if constexpr (count > 0) {
    using step = bool (*)(const element&, T&, std::remove_cvref_t<Reader>&);
    static constexpr auto steps = []<std::size_t... Index>(std::index_sequence<Index...>) {
      return std::array<step, count>{+[](const element& value, T& owner, std::remove_cvref_t<Reader>& reader) {
        constexpr auto description = std::get<Index>(T::fields);
        return reader(description, value, owner.*(description.member));
      }...};
    }(std::make_index_sequence<count>{});
    std::size_t hint = 0;
    for (auto [key, value] : object) {
      auto index = field_index<T>(key, hint);
      if (index == count) continue;
      hint = index + 1;
      if (value.is_null()) continue;
      if (!steps[index](value, into, read_field)) return why.within(key);
    }
  }
  return true;
}

template <class T>
bool read_whole_number(const element& from, T& into, fault& why) {
  if constexpr (std::signed_integral<T>) {
    std::int64_t value = 0;
    if (from.get(value) || !std::in_range<T>(value)) return why.expected("an integer in range");
    into = static_cast<T>(value);
  } else {
    std::uint64_t value = 0;
    if (from.get(value) || !std::in_range<T>(value)) return why.expected("an unsigned integer in range");
    into = static_cast<T>(value);
  }
  return true;
}

template <class T>
bool read_text(const element& from, T& into, fault& why) {
  std::string_view text;
  if (from.get(text)) return why.expected("a text");
  if constexpr (std::same_as<T, std::string>) {
    into.assign(text);
    return true;
  } else {
    auto set = [&](const auto& parsed, std::string_view kind) {
      if (!parsed) return why.expected(kind);
      into = *parsed;
      return true;
    };
    if constexpr (std::same_as<T, uuid>) return set(parse_uuid(text), "a UUID");
    else if constexpr (std::same_as<T, entity_ref>) return set(parse_entity(text), "an entity");
    else return set(parse_position(text), "a log position");
  }
}

template <class T>
bool read_list(const element& from, T& into, fault& why) {
  simdjson::dom::array array;
  if (from.get(array)) return why.expected("an array");
  into.clear();
  for (auto item : array) {
    if constexpr (mapping<T>) {
      std::pair<typename T::key_type, typename T::mapped_type> entry{};
      if (!read(item, entry, why)) return false;
      into.insert(std::move(entry));
    } else if constexpr (keyed<T>) {
      typename T::key_type key{};
      if (!read(item, key, why)) return false;
      into.insert(std::move(key));
    } else {
      typename T::value_type value{};
      if (!read(item, value, why)) return false;
      into.push_back(std::move(value));
    }
  }
  return true;
}

template <class First, class Second>
bool read_pair(const element& from, First& first, Second& second, fault& why) {
  simdjson::dom::array array;
  if (from.get(array) || array.size() != 2) return why.expected("an array of two");
  return read(array.at(0).value_unsafe(), first, why) && read(array.at(1).value_unsafe(), second, why);
}

template <class... Alternatives>
bool read_variant(const element& from, std::variant<Alternatives...>& into, fault& why) {
  std::string_view type;
  element data;
  if (from["type"].get(type) || from["data"].get(data)) return why.expected("an object with type and data");
  bool good = false;
  auto try_one = [&]<class Alternative>(std::type_identity<Alternative>) {
    if (type != std::string_view(Alternative::name)) return false;
    good = read(data, into.template emplace<Alternative>(), why);
    return true;
  };
  if (!(try_one(std::type_identity<Alternatives>{}) || ...)) return why.expected("a known type");
  return good;
}

template <class T>
bool read(const element& from, T& into, fault& why) {
  if constexpr (std::same_as<T, bool>) return from.get(into) ? why.expected("a boolean") : true;
  else if constexpr (std::floating_point<T>) {
    double value = std::numeric_limits<double>::quiet_NaN();
    if (!from.is_null() && from.get(value)) return why.expected("a number");
    into = static_cast<T>(value);
    return true;
  } else if constexpr (whole_number<T>) return read_whole_number(from, into, why);
  else if constexpr (std::is_enum_v<T>) {
    std::underlying_type_t<T> number{};
    if (!read_whole_number(from, number, why)) return false;
    into = static_cast<T>(number);
    return true;
  } else if constexpr (is_strong_id<T> || is_strong_number<T>) return read(from, into.value, why);
  else if constexpr (is_time_point<T> || is_duration<T>) {
    typename T::rep count{};
    if (!read_whole_number(from, count, why)) return false;
    if constexpr (is_duration<T>) into = T{count};
    else into = T{typename T::duration{count}};
    return true;
  } else if constexpr (std::same_as<T, entity_address>) return read_pair(from, into.entity, into.slice_key, why);
  else if constexpr (is_bytes<T>) {
    std::string_view text;
    return !from.get(text) && read_hex(text, into) ? true : why.expected("hex of the right length");
  } else if constexpr (is_optional<T>) {
    if (from.is_null()) {
      into.reset();
      return true;
    }
    return read(from, into.emplace(), why);
  } else if constexpr (is_pair<T>) return read_pair(from, into.first, into.second, why);
  else if constexpr (is_variant<T>) return read_variant(from, into, why);
  else if constexpr (described<T>) {
    return read_object(from, into, why, [&](const auto&, const element& value, auto& member) { return read(value, member, why); });
  } else if constexpr (keyed<T> || listing<T>) return read_list(from, into, why);
  else return read_text(from, into, why);
}

} // namespace reverie::events::fields_json
