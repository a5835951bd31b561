#include "actors/effects/prompt/examples.hpp"

#include <algorithm>

namespace reverie::actors::prompt {
namespace {

bool same_ignoring_case(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(left, right, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// The role a line begins with, by the name before its colon; takes the name off the line.
std::string_view take_role(std::string_view& line, const character::macro_names& names) {
  for (const auto& [name, role] : {std::pair<std::string_view, std::string_view>{names.user, "user"}, {names.character, "assistant"}}) {
    if (name.empty() || line.size() <= name.size() || line[name.size()] != ':') continue;
    if (!same_ignoring_case(line.substr(0, name.size()), name)) continue;
    line = trimmed(line.substr(name.size() + 1));
    return role;
  }
  return {};
}

} // namespace

std::vector<example> examples_of(std::string_view text, const character::macro_names& names) {
  std::vector<example> all(1);
  const auto replaced = character::replace_macros(text, names);
  std::string_view rest = replaced;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    auto line = trimmed(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (same_ignoring_case(line, "<START>")) {
      all.emplace_back();
    } else if (const auto role = take_role(line, names); !role.empty()) {
      all.back().push_back({std::string(role), std::string(line)});
    } else if (!line.empty() && !all.back().empty()) {
      all.back().back().content += "\n" + std::string(line);
    }
  }
  std::erase_if(all, [](const example& each) { return each.empty(); });
  return all;
}

} // namespace reverie::actors::prompt
