#include "actors/domain/character/macros.hpp"

#include <algorithm>
#include <optional>

namespace reverie::actors::character {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// What a macro's inside stands for; nothing for macros that are left as they are.
std::optional<std::string_view> meaning_of(std::string_view inside, const macro_names& names, std::string_view original) {
  const auto word = lower(trimmed(inside));
  if (word == "char") return names.character;
  if (word == "user") return names.user;
  if (word == "original") return original;
  if (word.starts_with("//") || word.starts_with("comment:")) return std::string_view{};
  return std::nullopt;
}

} // namespace

macro_names names_for(const events::character::profile& card, std::string user_name) {
  return {card.nickname.empty() ? card.name : card.nickname, std::move(user_name)};
}

std::string replace_macros(std::string_view text, const macro_names& names, std::string_view original) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto at = text.find_first_of("{<");
    result += text.substr(0, at);
    if (at == std::string_view::npos) break;
    text.remove_prefix(at);
    if (text.starts_with("{{")) {
      const auto end = text.find("}}", 2);
      const auto meaning = end == std::string_view::npos ? std::nullopt : meaning_of(text.substr(2, end - 2), names, original);
      if (meaning) {
        result += *meaning;
        text.remove_prefix(end + 2);
        continue;
      }
    } else if (lower(text.substr(0, 6)) == "<user>") {
      result += names.user;
      text.remove_prefix(6);
      continue;
    } else if (lower(text.substr(0, 5)) == "<bot>") {
      result += names.character;
      text.remove_prefix(5);
      continue;
    }
    result += text.front();
    text.remove_prefix(1);
  }
  return result;
}

} // namespace reverie::actors::character
