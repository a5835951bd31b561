#pragma once

#include "actors/domain/character/macros.hpp"
#include "actors/effects/chat_model.hpp"

#include <string_view>
#include <vector>

namespace reverie::actors::prompt {

/// One example conversation of a card.
using example = std::vector<prompt_message>;

/// Reads `mes_example` (Character Card V2): `<START>` begins a conversation; a line `Name: text` with the name of the user or the
/// character begins a turn, other lines go on with it. Blocks without a turn are left out. Pure.
std::vector<example> examples_of(std::string_view text, const character::macro_names& names);

} // namespace reverie::actors::prompt
