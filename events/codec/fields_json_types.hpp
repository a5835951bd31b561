#pragma once

#include "events/model/field.hpp"
#include "events/model/ids.hpp"

#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

/// The field types that events, states, commands and effects may be made of, and how each stands in JSON:
/// bool, integers, double; std::string; ids and uuid (text); strong numbers, enums (number); timestamp and durations (count);
/// entity_ref and log_position (text); entity_address ([entity, slice key]); byte arrays (hex); std::optional (left out when absent);
/// std::vector, std::deque (array); sets (array in key order); maps (array of [key, value] in key order); std::pair ([first,
/// second]); described structs (object); std::variant of named described structs ({"type":…,"data":…}).
namespace reverie::events::fields_json {

template <class T>
inline constexpr bool is_strong_id = false;
template <class Tag>
inline constexpr bool is_strong_id<strong_id<Tag>> = true;

template <class T>
inline constexpr bool is_strong_number = false;
template <class Tag, class Value>
inline constexpr bool is_strong_number<strong_number<Tag, Value>> = true;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_time_point = false;
template <class Duration>
inline constexpr bool is_time_point<std::chrono::sys_time<Duration>> = true;

template <class T>
inline constexpr bool is_duration = false;
template <class Rep, class Period>
inline constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;

template <class T>
inline constexpr bool is_bytes = false;
template <std::size_t Size>
inline constexpr bool is_bytes<std::array<std::uint8_t, Size>> = true;

template <class T>
inline constexpr bool is_pair = false;
template <class First, class Second>
inline constexpr bool is_pair<std::pair<First, Second>> = true;

template <class T>
inline constexpr bool is_variant = false;
template <class... Alternatives>
inline constexpr bool is_variant<std::variant<Alternatives...>> = true;

/// An alternative of a variant: described, and with a name that tells it from the others.
template <class T>
concept named = described<T> && requires {
  { T::name } -> std::convertible_to<std::string_view>;
};

template <class T>
concept keyed = requires { typename T::key_type; };

template <class T>
concept mapping = keyed<T> && requires { typename T::mapped_type; };

template <class T>
concept hashed = keyed<T> && requires { typename T::hasher; };

template <class T>
concept listing = !keyed<T> && !std::same_as<T, std::string> && requires(T list, typename T::value_type item) {
  list.push_back(item);
  list.begin();
};

template <class T>
concept whole_number = std::integral<T> && !std::same_as<T, bool>;

/// Names an unsupported field type in the compiler's message.
template <class T>
inline constexpr bool supported = false;

} // namespace reverie::events::fields_json
