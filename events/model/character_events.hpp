#pragma once

#include "events/model/field.hpp"
#include "events/model/ids.hpp"

#include <optional>
#include <string>
#include <vector>

/// What can happen to a `character`. Numbers 300 to 399. Fields of a person's own character are sealed with that person's key;
/// a character without an owner (a sample) is nobody's and stays open.
namespace reverie::events::character {

/// What a card says, read from it once by the pure card parser (gateway/wire) and kept beside the original bytes.
struct profile {
  std::string name;
  std::string tagline; ///< first sentence of the creator's notes or description, for lists
  std::string description;
  std::string personality;
  std::string scenario;
  std::string first_message;
  std::string message_examples;
  std::string system_prompt;
  std::string post_history_instructions;
  std::string nickname; ///< V3: wins for {{char}}
  std::string creator;
  std::string character_version;
  std::vector<std::string> alternate_greetings;
  std::vector<std::string> tags;
  std::string lorebook_json; ///< `character_book` as it stood in the card, or empty

  static constexpr auto fields = std::tuple{
      field("name", &profile::name),
      field("tagline", &profile::tagline),
      field("description", &profile::description),
      field("personality", &profile::personality),
      field("scenario", &profile::scenario),
      field("first_message", &profile::first_message),
      field("message_examples", &profile::message_examples),
      field("system_prompt", &profile::system_prompt),
      field("post_history_instructions", &profile::post_history_instructions),
      field("nickname", &profile::nickname),
      field("creator", &profile::creator),
      field("character_version", &profile::character_version),
      field("alternate_greetings", &profile::alternate_greetings),
      field("tags", &profile::tags),
      field("lorebook", &profile::lorebook_json)};
  friend bool operator==(const profile&, const profile&) = default;
};

/// A card was imported. `card` holds the original bytes, unchanged (base64 in the log).
struct created {
  static constexpr std::string_view name = "character.created";
  static constexpr unsigned number = 300, version = 1;

  character_id character;
  std::optional<user_id> owner;
  bool published = false; ///< visible to everybody
  std::string media_type; ///< application/json or image/png
  std::string card_base64;
  std::string card_spec; ///< V1, V2, V3
  character::profile profile;

  static constexpr auto fields = std::tuple{field("character_id", &created::character),
                                            field("owner_id", &created::owner),
                                            field("published", &created::published),
                                            field("media_type", &created::media_type),
                                            personal("card", &created::card_base64),
                                            field("card_spec", &created::card_spec),
                                            personal("profile", &created::profile)};
  friend bool operator==(const created&, const created&) = default;
};

/// A newer card took the place of the old one; conversations that run keep theirs until they are closed.
struct card_replaced {
  static constexpr std::string_view name = "character.card_replaced";
  static constexpr unsigned number = 301, version = 1;

  std::uint32_t card_version = 1; ///< the number of the new card, 2 for the first replacement
  std::string media_type;
  std::string card_base64;
  std::string card_spec;
  character::profile profile;

  static constexpr auto fields = std::tuple{field("card_version", &card_replaced::card_version),
                                            field("media_type", &card_replaced::media_type),
                                            personal("card", &card_replaced::card_base64),
                                            field("card_spec", &card_replaced::card_spec),
                                            personal("profile", &card_replaced::profile)};
  friend bool operator==(const card_replaced&, const card_replaced&) = default;
};

struct deleted {
  static constexpr std::string_view name = "character.deleted";
  static constexpr unsigned number = 302, version = 1;

  character_id character;

  static constexpr auto fields = std::tuple{field("character_id", &deleted::character)};
  friend bool operator==(const deleted&, const deleted&) = default;
};

} // namespace reverie::events::character
