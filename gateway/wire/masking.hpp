#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace reverie::gateway {

/// JSON as operators get it; fields in the order they were written.
using document = nlohmann::ordered_json;

/// How much of what people wrote, said or are called an operator sees.
enum class privacy_mode {
  none,   ///< nothing: the field is null
  masked, ///< its shape: each letter and digit is a bullet
  full,   ///< as it is; asks for a reason
};

std::string_view name_of(privacy_mode mode);
std::optional<privacy_mode> parse_privacy(std::string_view text);

/// Each letter, digit and mark of a UTF-8 text becomes `•`; punctuation and white space stay, so length and shape can be seen. Pure.
std::string masked_text(std::string_view text);

/// One personal text under a mode: null, masked, or as it is.
document personal_text(std::string_view text, privacy_mode mode);

/// One personal value of any form under a mode: every text inside is masked.
document personal_value(document value, privacy_mode mode);

/// An entity's state as its rules give it, made readable: maps, which stand there as arrays of pairs, become objects. Pure.
document readable_state(document state);

/// A readable state under a mode. What a state holds has no marks of its own, so every text is taken for personal but ids, and fields
/// known to hold none (names of axes, kinds, roles, media types).
document private_state(document state, privacy_mode mode);

} // namespace reverie::gateway
