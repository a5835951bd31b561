#pragma once

#include "events/codec/event_codec.hpp"
#include "events/codec/fields_json_read.hpp"

#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

namespace reverie::events {

/// Reads events of every version it was told of. A past version is a described struct with the `name` it always had, its old
/// `version`, and `static Next upcast(Old)` to the version after it, which may be past as well.
class event_decoder {
public:
  /// Knows the current version of every alternative of `event`.
  event_decoder();

  /// Teaches a past version; aborts when it is known already.
  template <event_payload Past>
  void add_past();

  /// Reads a value into `into` (cleared first, memory kept). On a failure `into` holds what came before the bad event.
  outcome<void> decode(std::string_view value, const field_opener& opener, decoded_events& into) const;

private:
  /// What one decoding carries along.
  struct step {
    const field_opener& opener;
    std::string_view event_name;
    bool redacted = false;
    fields_json::fault why{};
    std::string context{};
  };
  using reader = bool (*)(const fields_json::element& data, event& into, step& now);

  template <event_payload Payload>
  static bool read_payload(const fields_json::element& data, Payload& into, step& now);
  template <class Member>
  static bool read_sealed(const fields_json::element& sealed, std::string_view field, Member& into, step& now);
  static outcome<std::string> open(const fields_json::element& sealed, std::string_view field, step& now);
  template <event_payload Current>
  static bool read_current(const fields_json::element& data, event& into, step& now);
  template <event_payload Past>
  static bool read_past(const fields_json::element& data, event& into, step& now);

  void add(std::string_view name, unsigned version, reader how);
  bool decode_one(const fields_json::element& item, step& now, decoded_events& into) const;
  bool unknown(std::string_view name, std::uint64_t version, step& now) const;

  struct versions {
    std::vector<reader> readers; ///< by version - 1; null for a version that is not known
  };
  std::map<std::string_view, versions> types_;
};

template <class Member>
bool event_decoder::read_sealed(const fields_json::element& sealed, std::string_view field, Member& into, step& now) {
  auto plain = open(sealed, field, now);
  if (!plain && plain.error().code == failure_code::key_destroyed) {
    into = Member{};
    now.redacted = true;
    return true;
  }
  if (!plain) {
    now.why.code = plain.error().code;
    now.why.what = std::move(plain.error().message);
    return false;
  }
  if constexpr (std::same_as<Member, std::string>) {
    if (auto text = plain_json_string(*plain)) {
      into.assign(*text);
      return true;
    }
  }
  json_parser parser;
  auto root = parser.parse(*plain);
  if (!root) return now.why.expected("a sealed JSON value");
  return fields_json::read(*root, into, now.why);
}

template <event_payload Payload>
bool event_decoder::read_payload(const fields_json::element& data, Payload& into, step& now) {
  return fields_json::read_object(data, into, now.why, [&now](const auto& description, const fields_json::element& value, auto& member) {
    if (description.kept == privacy::personal && value.is_object()) {
      fields_json::element sealed;
      if (!value["$sealed"].get(sealed)) return read_sealed(sealed, description.name, member, now);
    }
    return fields_json::read(value, member, now.why);
  });
}

template <event_payload Current>
bool event_decoder::read_current(const fields_json::element& data, event& into, step& now) {
  return read_payload(data, into.emplace<Current>(), now);
}

template <class Payload>
event lift_to_current(Payload payload) {
  if constexpr (std::constructible_from<event, Payload&&>) return event{std::move(payload)};
  else return lift_to_current(Payload::upcast(std::move(payload)));
}

template <event_payload Past>
bool event_decoder::read_past(const fields_json::element& data, event& into, step& now) {
  Past past{};
  if (!read_payload(data, past, now)) return false;
  into = lift_to_current(std::move(past));
  return true;
}

template <event_payload Past>
void event_decoder::add_past() {
  add(Past::name, Past::version, &read_past<Past>);
}

} // namespace reverie::events
