#pragma once

#include "actors/domain/decision.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace reverie::actors {

/// The rule all texts of a person keep: valid UTF-8, not empty, no U+0000, at most `bytes_max`. `what` names it in the sentence,
/// `param` is the field to blame. Nothing when the text is fine.
std::optional<rejection> refuse_text(std::string_view text, std::size_t bytes_max, std::string_view what, std::string_view param);

/// Whether the bytes are UTF-8 (no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

/// The longest start of `text` that has at most `bytes_max` bytes and ends at a character.
std::string_view cut_at_character(std::string_view text, std::size_t bytes_max);

} // namespace reverie::actors
