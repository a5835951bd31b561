#pragma once

#include "events/model/character_events.hpp"

#include <optional>
#include <string>
#include <variant>

namespace reverie::actors::character {

using events::field;

/// A parsed card with its original bytes (base64).
struct create_character {
  static constexpr std::string_view name = "character.create";
  std::optional<events::user_id> owner;
  bool published = false;
  std::string media_type;
  std::string card_base64;
  std::string card_spec;
  events::character::profile profile;
  static constexpr auto fields =
      std::tuple{field("owner_id", &create_character::owner),           field("published", &create_character::published),
                 field("media_type", &create_character::media_type),    field("card", &create_character::card_base64),
                 field("card_spec", &create_character::card_spec),      field("profile", &create_character::profile)};
};

struct replace_card {
  static constexpr std::string_view name = "character.replace_card";
  std::string media_type;
  std::string card_base64;
  std::string card_spec;
  events::character::profile profile;
  static constexpr auto fields =
      std::tuple{field("media_type", &replace_card::media_type), field("card", &replace_card::card_base64),
                 field("card_spec", &replace_card::card_spec), field("profile", &replace_card::profile)};
};

struct delete_character {
  static constexpr std::string_view name = "character.delete";
  static constexpr auto fields = std::tuple<>{};
};

using command = std::variant<create_character, replace_card, delete_character>;

} // namespace reverie::actors::character
