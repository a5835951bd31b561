#pragma once

#include "gateway/wire/api_error.hpp"

#include "events/model/character_events.hpp"

#include <string>
#include <string_view>

namespace reverie::gateway {

/// What a Character Card (V1, V2 or V3) says. The original bytes are kept by the caller: this is only a reading of them.
struct parsed_card {
  std::string spec; ///< V1, V2, V3
  events::character::profile profile;
};

/// Reads a card from JSON. Tolerant of what real cards hold (null or numbers where text is due, `character_book: null`, unknown
/// fields); refuses with `unprocessable` what is no card, `too_large` what is over limits::card_bytes or card_profile_bytes.
result<parsed_card> parse_card_json(std::string_view json);

/// Reads a card from a PNG: text chunk `ccv3`, else `chara` (any case; tEXt, or uncompressed iTXt), base64 of the JSON.
result<parsed_card> parse_card_png(std::string_view png);

/// By media type: `application/json` or `image/png`, else `unsupported_media_type`.
result<parsed_card> parse_card(std::string_view media_type, std::string_view bytes);

/// A greeting with `{{user}}`, `<USER>`, `{{char}}`, `<BOT>` replaced without regard to case, comments (`{{// …}}`) dropped.
std::string with_names(std::string_view text, std::string_view user_name, std::string_view character_name);

} // namespace reverie::gateway
