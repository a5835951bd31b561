#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace reverie::projections {

/// Longest title of a conversation, in characters.
inline constexpr std::size_t title_characters = 60;

/// A conversation's title from its first user message: its first words on one line, cut at a word, with an ellipsis when cut.
std::string title_of(std::string_view content);

} // namespace reverie::projections
