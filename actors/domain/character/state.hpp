#pragma once

#include "events/model/character_events.hpp"
#include "events/model/field.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace reverie::actors::character {

using events::field;

/// One version of the card. The original bytes stay in the log, at `sequence`; decisions need only to know whether they are the same.
struct card {
  std::string media_type;
  std::string spec;
  std::uint64_t content_hash = 0; ///< XXH3-64 of the base64 text
  events::sequence_number sequence{};
  events::character::profile profile;

  static constexpr auto fields =
      std::tuple{field("media_type", &card::media_type), field("card_spec", &card::spec), field("content_hash", &card::content_hash),
                 field("sequence", &card::sequence), field("profile", &card::profile)};
  friend bool operator==(const card&, const card&) = default;
};

/// A character with the newest versions of its card (limits::card_versions_kept_per_character).
struct state {
  bool created = false;
  bool deleted = false;
  events::character_id id{};
  std::optional<events::user_id> owner;
  bool published = false;
  std::map<std::uint32_t, card> cards; ///< by version, from 1

  static constexpr std::uint32_t schema_version = 1;
  static constexpr auto fields =
      std::tuple{field("created", &state::created),     field("deleted", &state::deleted), field("character_id", &state::id),
                 field("owner_id", &state::owner),      field("published", &state::published), field("cards", &state::cards)};
  friend bool operator==(const state&, const state&) = default;
};

/// The card a conversation keeps, or the oldest one that is still kept when that is gone; null before the character exists.
const card* card_of(const state& now, std::uint32_t version);
/// The card new conversations get; null before the character exists.
const card* newest_card(const state& now);

} // namespace reverie::actors::character
