#pragma once

#include "events/model/character_events.hpp"

#include <string>
#include <string_view>

namespace reverie::actors::character {

/// Who the placeholders of a card stand for.
struct macro_names {
  std::string character;
  std::string user;
};

/// The names for a card: a nickname wins for {{char}} (Character Card V3).
macro_names names_for(const events::character::profile& card, std::string user_name);

/// Replaces {{char}} and <BOT>, {{user}} and <USER> in any case, takes out comments ({{// …}}, {{comment: …}}); what a name brings in is
/// not looked at again. {{original}} becomes `original`. Other macros stay. Pure.
std::string replace_macros(std::string_view text, const macro_names& names, std::string_view original = {});

} // namespace reverie::actors::character
