#pragma once

#include "actors/effects/prompt/prompt_inputs.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace reverie::actors::prompt {

/// An entry of a card's lorebook that the recent turns called up.
struct lore_entry {
  std::string id;
  std::string content;      ///< without decorator lines
  bool before_card = true;  ///< position before_char; else after_char
  double insertion_order = 0;
  double priority = 0;
  std::string cut_reason;   ///< set when the book's own token budget has no room for it
};

/// Entries of a `character_book` that are enabled and constant, or of which a key stands in the last `scan_depth` turns (with a
/// secondary key too when selective), in insertion order; over `token_budget` those of the lowest priority are marked as cut. Plain keys
/// only. What does not parse gives nothing: cards are full of dirt. Pure.
std::vector<lore_entry> called_up_entries(std::string_view lorebook_json, const std::vector<turn>& turns);

} // namespace reverie::actors::prompt
