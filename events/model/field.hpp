#pragma once

#include <concepts>
#include <string_view>
#include <tuple>

namespace reverie::events {

/// Whether a field may stand in the log as it is, or is sealed with the person's key before it gets there.
enum class privacy { open, personal };

/// One field of a payload: the single description from which encoding, decoding, sealing, the canonical state bytes and
/// docs/EVENTS.md are made.
template <class Owner, class Member>
struct field_description {
  using member_type = Member;
  std::string_view name;
  Member Owner::*member;
  privacy kept;
};

template <class Owner, class Member>
constexpr auto field(std::string_view name, Member Owner::*member) {
  return field_description<Owner, Member>{name, member, privacy::open};
}

/// A field that holds what a person wrote, said or is known by.
template <class Owner, class Member>
constexpr auto personal(std::string_view name, Member Owner::*member) {
  return field_description<Owner, Member>{name, member, privacy::personal};
}

/// A struct that lists its fields in `static constexpr auto fields = std::tuple{field(...), personal(...)}`.
template <class T>
concept described = requires { T::fields; };

/// A described struct that is an event payload: `name` is `kind.past_tense`, `number` is unique for ever, `version` counts
/// changes of the payload.
template <class T>
concept event_payload = described<T> && requires {
  { T::name } -> std::convertible_to<std::string_view>;
  { T::number } -> std::convertible_to<unsigned>;
  { T::version } -> std::convertible_to<unsigned>;
};

/// Calls `visit(description)` for each field of a described struct, in order.
template <described T, class Visitor>
constexpr void for_each_field(Visitor&& visit) {
  std::apply([&](const auto&... each) { (visit(each), ...); }, T::fields);
}

} // namespace reverie::events
