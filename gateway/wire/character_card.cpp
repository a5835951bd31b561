#include "gateway/wire/character_card.hpp"

#include "gateway/wire/json_input.hpp"
#include "gateway/wire/png_text.hpp"
#include "gateway/wire/text_checks.hpp"

#include "events/codec/json_text.hpp"
#include "events/model/limits.hpp"

namespace reverie::gateway {

using events::character::profile;
using nlohmann::json;

namespace {

constexpr std::size_t tagline_bytes = 160;

api_error unprocessable(std::string message, std::string param = {}) {
  return {422, "unprocessable", std::move(message), std::move(param)};
}

/// Text of a field, whatever a sloppy exporter put there.
std::string text_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  return {};
}

std::string text_in(const json& object, const char* field) {
  auto found = object.find(field);
  return found == object.end() ? std::string() : text_of(*found);
}

std::vector<std::string> texts_in(const json& object, const char* field) {
  std::vector<std::string> texts;
  auto found = object.find(field);
  if (found == object.end()) return texts;
  if (found->is_string() && !found->get_ref<const std::string&>().empty()) texts.push_back(found->get<std::string>());
  if (!found->is_array()) return texts;
  for (const auto& each : *found) {
    auto text = text_of(each);
    if (!text.empty()) texts.push_back(std::move(text));
  }
  return texts;
}

/// The first sentence, with runs of white space as one space.
std::string first_sentence(std::string_view text) {
  std::string out;
  bool space = false;
  for (char c : text) {
    bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (blank && !out.empty() && (out.back() == '.' || out.back() == '!' || out.back() == '?')) break;
    if (blank && c == '\n' && !out.empty()) break;
    if (blank) {
      space = !out.empty();
      continue;
    }
    if (space) out.push_back(' ');
    space = false;
    out.push_back(c);
    if (out.size() > tagline_bytes * 4) break;
  }
  if (out.size() <= tagline_bytes) return out;
  return std::string(cut_at_character(out, tagline_bytes - 3)) + "\u2026";
}

profile profile_of(const json& data) {
  profile card;
  card.name = text_in(data, "name");
  card.description = text_in(data, "description");
  card.personality = text_in(data, "personality");
  card.scenario = text_in(data, "scenario");
  card.first_message = text_in(data, "first_mes");
  card.message_examples = text_in(data, "mes_example");
  card.system_prompt = text_in(data, "system_prompt");
  card.post_history_instructions = text_in(data, "post_history_instructions");
  card.nickname = text_in(data, "nickname");
  card.creator = text_in(data, "creator");
  card.character_version = text_in(data, "character_version");
  card.alternate_greetings = texts_in(data, "alternate_greetings");
  card.tags = texts_in(data, "tags");
  if (auto book = data.find("character_book"); book != data.end() && book->is_object() && !book->empty()) {
    card.lorebook_json = book->dump(-1, ' ', false, json::error_handler_t::replace);
  }
  auto notes = text_in(data, "creator_notes");
  auto about = with_names(notes.empty() ? card.description : notes, "you", card.name);
  card.tagline = first_sentence(about);
  return card;
}

/// Bytes of the profile as the log will hold them, before sealing; and whether all of it is text that can be stored.
result<void> check_profile(const profile& card) {
  if (is_blank(card.name)) return std::unexpected(unprocessable("The card has no name.", "name"));
  if (card.name.size() > events::limits::name_bytes) return std::unexpected(unprocessable("The name is too long.", "name"));
  std::string written;
  bool storable = true;
  auto take = [&](const std::string& text) {
    storable = storable && text.find('\0') == std::string::npos;
    events::append_json_string(written, text);
  };
  for (const auto* text : {&card.name, &card.tagline, &card.description, &card.personality, &card.scenario, &card.first_message,
                           &card.message_examples, &card.system_prompt, &card.post_history_instructions, &card.nickname,
                           &card.creator, &card.character_version, &card.lorebook_json}) {
    take(*text);
  }
  for (const auto& greeting : card.alternate_greetings) take(greeting);
  for (const auto& tag : card.tags) take(tag);
  if (!storable) return std::unexpected(unprocessable("The character U+0000 is not allowed in a card."));
  if (written.size() > events::limits::card_profile_bytes) {
    return std::unexpected(api_error{413, "too_large", "The texts of the card are too long.", "card"});
  }
  if (card.first_message.size() > events::limits::message_bytes) {
    return std::unexpected(unprocessable("The first message is too long.", "first_mes"));
  }
  return {};
}

std::string spec_of(const json& card, bool has_data) {
  auto spec = text_in(card, "spec");
  if (spec == "chara_card_v3") return "V3";
  if (spec == "chara_card_v2") return "V2";
  return has_data ? "V2" : "V1";
}

bool equal_folded(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c != lower[i]) return false;
  }
  return true;
}

} // namespace

result<parsed_card> parse_card_json(std::string_view text) {
  if (text.size() > events::limits::card_bytes) {
    return std::unexpected(api_error{413, "too_large", "A card may have at most 4 MiB.", "card"});
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  auto card = parse_json(text);
  if (!card || !card->is_object()) return std::unexpected(unprocessable("This is not a character card.", "card"));
  auto spec = text_in(*card, "spec");
  if (spec == "lorebook_v3") return std::unexpected(unprocessable("This is a lorebook, not a character.", "card"));
  if (!spec.empty() && spec != "chara_card_v2" && spec != "chara_card_v3") {
    return std::unexpected(unprocessable("This kind of card is not known: V1, V2 and V3 are read.", "spec"));
  }
  auto data = card->find("data");
  bool has_data = data != card->end() && data->is_object();
  parsed_card parsed{spec_of(*card, has_data), profile_of(has_data ? *data : *card)};
  if (auto checked = check_profile(parsed.profile); !checked) return std::unexpected(std::move(checked.error()));
  return parsed;
}

namespace {
result<parsed_card> parse_card_base64(std::string_view text) {
  auto json_text = decode_base64(text);
  if (!json_text) return std::unexpected(unprocessable("The card in the picture can't be read.", "card"));
  return parse_card_json(*json_text);
}
} // namespace

result<parsed_card> parse_card_png(std::string_view png) {
  if (png.size() > events::limits::card_bytes) {
    return std::unexpected(api_error{413, "too_large", "A card may have at most 4 MiB.", "card"});
  }
  auto texts = read_png_texts(png);
  if (!texts) return std::unexpected(unprocessable("This is not a PNG picture.", "card"));
  // Editors that know V3 write both; a `ccv3` that is broken must not hide a `chara` that is whole.
  std::optional<api_error> first_problem;
  for (std::string_view keyword : {"ccv3", "chara"}) {
    for (const auto& text : *texts) {
      if (!equal_folded(text.keyword, keyword)) continue;
      auto card = parse_card_base64(text.text);
      if (card) return card;
      if (!first_problem) first_problem = std::move(card.error());
    }
  }
  return std::unexpected(first_problem.value_or(unprocessable("The picture holds no character card.", "card")));
}

result<parsed_card> parse_card(std::string_view media_type, std::string_view bytes) {
  if (media_type == "image/png") return parse_card_png(bytes);
  if (media_type == "application/json") return parse_card_json(bytes);
  return std::unexpected(
      api_error{415, "unsupported_media_type", "Send the card as application/json or image/png.", "Content-Type"});
}

std::string with_names(std::string_view text, std::string_view user_name, std::string_view character_name) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    auto next = text.find_first_of("{<");
    out.append(text.substr(0, next));
    text.remove_prefix(next == std::string_view::npos ? text.size() : next);
    if (text.empty()) break;
    auto macro = [&](std::string_view name) { return text.size() >= name.size() && equal_folded(text.substr(0, name.size()), name); };
    if (macro("{{user}}")) {
      out.append(user_name);
      text.remove_prefix(8);
    } else if (macro("<user>")) {
      out.append(user_name);
      text.remove_prefix(6);
    } else if (macro("{{char}}")) {
      out.append(character_name);
      text.remove_prefix(8);
    } else if (macro("<bot>")) {
      out.append(character_name);
      text.remove_prefix(5);
    } else if (auto end = text.find("}}"); macro("{{//") && end != std::string_view::npos) {
      text.remove_prefix(end + 2);
    } else {
      out.push_back(text.front());
      text.remove_prefix(1);
    }
  }
  return out;
}

} // namespace reverie::gateway
