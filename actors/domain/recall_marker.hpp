#pragma once

#include "actors/domain/bond/utterance_tokens.hpp"

#include <string_view>
#include <vector>

namespace reverie::actors {

/// Recalled text stands between these in a prompt. What stands between them is never extracted again.
inline constexpr std::string_view recall_begin = "<recalled_memories>";
inline constexpr std::string_view recall_end = "</recalled_memories>";

/// The marked places of a text, markers included; an open one reaches to the end.
std::vector<bond::text_span> recalled_spans(std::string_view text);

} // namespace reverie::actors
