#include "gateway/wire/masking.hpp"

#include "events/model/ids.hpp"

#include <algorithm>
#include <array>

namespace reverie::gateway {

namespace {

constexpr std::string_view bullet = "\u2022";

constexpr std::array<std::string_view, 12> open_fields{"attribute", "axis",       "reason", "extractor", "media_type", "card_spec",
                                                       "content_hash", "kind",    "roles",  "state",     "role",       "level"};

constexpr std::string_view content_hash = "content_hash";

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// What lies beyond ASCII is a letter for our purpose, but for the spaces and marks of general punctuation (U+2000 to U+206F) and of
/// CJK punctuation (U+3000 to U+303F).
bool is_punctuation(std::string_view character) {
  if (character.size() != 3) return false;
  const auto lead = static_cast<unsigned char>(character[0]), next = static_cast<unsigned char>(character[1]);
  return (lead == 0xE2U && (next == 0x80U || (next == 0x81U && static_cast<unsigned char>(character[2]) < 0xB0U))) || (lead == 0xE3U && next == 0x80U);
}

bool is_shown(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (first >= 0x80U) return is_punctuation(character);
  const bool letter = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
  return !letter && !(first >= '0' && first <= '9');
}

document with_texts_masked(document value) {
  if (value.is_string()) return masked_text(value.get_ref<const std::string&>());
  if (value.is_structured())
    for (auto& each : value) each = with_texts_masked(std::move(each));
  return value;
}

bool is_map(const document& value) {
  return value.is_array() && !value.empty() && std::ranges::all_of(value, [](const document& each) {
    return each.is_array() && each.size() == 2 && each[0].is_string();
  });
}

document private_part(document value, privacy_mode mode) {
  if (value.is_string()) {
    if (events::parse_uuid(value.get_ref<const std::string&>())) return value;
    return personal_text(value.get_ref<const std::string&>(), mode);
  }
  if (value.is_array())
    for (auto& each : value) each = private_part(std::move(each), mode);
  if (!value.is_object()) return value;
  for (auto& [key, each] : value.items()) {
    if (key == content_hash && each.is_number()) each = nullptr; // an unkeyed hash of a text lets it be guessed
    else if (std::ranges::find(open_fields, key) == open_fields.end()) each = private_part(std::move(each), mode);
  }
  return value;
}

} // namespace

std::string_view name_of(privacy_mode mode) {
  switch (mode) {
  case privacy_mode::none: return "none";
  case privacy_mode::masked: return "masked";
  case privacy_mode::full: break;
  }
  return "full";
}

std::optional<privacy_mode> parse_privacy(std::string_view text) {
  for (auto mode : {privacy_mode::none, privacy_mode::masked, privacy_mode::full})
    if (text == name_of(mode)) return mode;
  return std::nullopt;
}

std::string masked_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = 1;
    while (i + length < text.size() && is_continuation(text[i + length])) ++length;
    const auto character = text.substr(i, length);
    out += is_shown(character) ? character : bullet;
    i += length;
  }
  return out;
}

document personal_text(std::string_view text, privacy_mode mode) {
  if (mode == privacy_mode::none) return nullptr;
  return mode == privacy_mode::full ? document(std::string(text)) : document(masked_text(text));
}

document personal_value(document value, privacy_mode mode) {
  if (mode == privacy_mode::none) return nullptr;
  return mode == privacy_mode::full ? value : with_texts_masked(std::move(value));
}

document readable_state(document state) {
  if (is_map(state)) {
    auto object = document::object();
    for (auto& pair : state) object[pair[0].get<std::string>()] = readable_state(std::move(pair[1]));
    return object;
  }
  if (state.is_structured())
    for (auto& each : state) each = readable_state(std::move(each));
  return state;
}

document private_state(document state, privacy_mode mode) {
  return mode == privacy_mode::full ? state : private_part(std::move(state), mode);
}

} // namespace reverie::gateway
