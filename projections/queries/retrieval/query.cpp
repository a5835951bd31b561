#include "projections/queries/retrieval/query.hpp"

#include "events/model/limits.hpp"
#include "events/model/text_terms.hpp"

#include <algorithm>
#include <array>

namespace reverie::projections {
namespace {

bool holds(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool has_first_person(const std::vector<std::string>& words) {
  static constexpr std::array<std::string_view, 5> first_person{"i", "me", "my", "mine", "myself"};
  return std::ranges::any_of(words, [](const std::string& word) {
    return std::ranges::find(first_person, word) != first_person.end();
  });
}

std::optional<std::uint16_t> asked_about(const std::vector<std::string>& words,
                                         std::span<const participant> participants) {
  std::vector<std::vector<std::string>> names;
  names.reserve(participants.size());
  for (const participant& person : participants)
    names.push_back(events::words_of(person.name));
  const bool first_person = has_first_person(words);

  std::optional<std::uint16_t> found;
  for (std::size_t i = 0; i < participants.size(); ++i) {
    const bool named = std::ranges::any_of(names[i], [&](const std::string& word) {
      if (events::is_stop_word(word) || !holds(words, word)) return false;
      return std::ranges::count_if(names, [&](const auto& name) { return holds(name, word); }) == 1;
    });
    if (!named && !(first_person && participants[i].is_user)) continue;
    if (found) return std::nullopt;
    found = static_cast<std::uint16_t>(i);
  }
  return found;
}

} // namespace

query query_of(std::string_view text, std::span<const participant> participants) {
  query result;
  const std::vector<std::string> words = events::words_of(text);
  for (const std::string& word : words) {
    if (result.terms.size() == events::limits::query_terms) break;
    if (events::is_stop_word(word)) continue;
    std::string term = events::stem_of(word);
    if (!holds(result.terms, term)) result.terms.push_back(std::move(term));
  }
  result.asked_about = asked_about(words, participants);
  return result;
}

} // namespace reverie::projections
