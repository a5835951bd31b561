#include "actors/domain/bond/fact_patterns.hpp"

#include "events/model/assert.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace reverie::actors::bond {
namespace {

using namespace std::string_view_literals;

constexpr std::pair<std::string_view, word_class> class_names[] = {
    {"kin", word_class::kin},          {"kin_detail", word_class::kin_detail},
    {"pet", word_class::pet},          {"health", word_class::health},
    {"adverb", word_class::adverb},    {"nationality", word_class::nationality},
    {"occasion", word_class::occasion}};

std::string_view next_piece(std::string_view& text, char divider) {
  const std::size_t end = std::min(text.find(divider), text.size());
  const std::string_view piece = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return piece;
}

} // namespace

bool clause_ends(const statement& said, std::size_t at) {
  if (at >= said.tokens.size() || !said.tokens[at].is_word) return true;
  static constexpr std::array words{"and"sv, "but"sv,  "or"sv,     "now"sv,      "btw"sv,  "too"sv, "today"sv,
                                    "lol"sv, "haha"sv, "anyway"sv, "actually"sv, "then"sv, "i"sv};
  const std::string_view word = said.tokens[at].lower;
  return std::ranges::find(words, word) != words.end() ||
         (is_a(word, word_class::clause_word) && word != "before" && word != "after");
}

std::optional<taken> pattern_match::part(std::string_view name) const {
  for (std::size_t i = 0; i < part_count; ++i) {
    if (parts[i].part == name) return parts[i];
  }
  return std::nullopt;
}

std::string pattern_match::text(std::string_view name) const {
  const auto found = part(name);
  return found ? said->spelling(found->begin, found->end) : std::string{};
}

std::string pattern_match::lower(std::string_view name) const {
  std::string words;
  if (const auto found = part(name)) {
    for (std::size_t i = found->begin; i < found->end; ++i)
      words.append(words.empty() ? 0 : 1, ' ').append(said->tokens[i].lower);
  }
  return words;
}

std::optional<named_time> pattern_match::time() const {
  const auto inside = first_time(*said, begin, end, spoken->said_at, spoken->utc_offset);
  if (inside) return inside;
  for (std::size_t i = end;
       i < said->tokens.size() && i < end + 6 && said->tokens[i].is_word && said->tokens[i].lower != "and";
       ++i) {
    if (const auto behind = time_at(*said, i, spoken->said_at, spoken->utc_offset)) return behind;
  }
  for (std::size_t i = begin > 6 ? begin - 6 : 0; i < begin;
       ++i) { // "tomorrow I have …", "in 2020, I moved …"
    const auto before = time_at(*said, i, spoken->said_at, spoken->utc_offset);
    if (before &&
        (before->end == begin || (before->end + 1 == begin && said->tokens[before->end].lower == ",")))
      return before;
  }
  return std::nullopt;
}

pattern::pattern(std::string_view written) {
  while (!written.empty()) {
    std::string_view piece = next_piece(written, ' ');
    element made;
    if (piece.ends_with('?') || piece.ends_with('*')) {
      made.optional = true;
      made.repeated = piece.back() == '*';
      piece.remove_suffix(1);
    }
    if (piece == "$") {
      made.what = kind::clause_end;
    } else if (piece.starts_with('<')) {
      made.what = kind::capture;
      made.text = piece.substr(1, piece.find(':') - 1);
      made.type = piece.substr(piece.find(':') + 1);
      made.type.remove_suffix(1);
    } else if (piece.starts_with('@')) {
      made.what = kind::word_class;
      made.text = piece.substr(1);
      const auto* known =
          std::ranges::find(class_names, made.text, &std::pair<std::string_view, word_class>::first);
      REVERIE_ASSERT(known != std::end(class_names), "a pattern names a known class of words");
      made.named_class = known->second;
    } else {
      while (!piece.empty())
        made.words.push_back(next_piece(piece, '|'));
    }
    elements_.push_back(made);
  }
}

std::optional<pattern_match> pattern::match(const statement& said, const utterance& spoken,
                                            std::size_t begin) const {
  pattern_match found;
  found.said = &said;
  found.spoken = &spoken;
  found.begin = begin;
  if (!match_from(found, 0, begin)) return std::nullopt;
  return found;
}

bool pattern::may_match(const std::unordered_set<std::string_view>& words) const {
  return std::ranges::all_of(elements_, [&](const element& each) {
    if (each.what != kind::words || each.optional || each.words.front() == "_") return true;
    return std::ranges::any_of(each.words, [&](std::string_view word) { return words.contains(word); });
  });
}

bool pattern::match_from(pattern_match& match, std::size_t element_at, std::size_t at) const {
  if (element_at == elements_.size()) {
    match.end = at;
    return true;
  }
  const element& expected = elements_[element_at];
  const auto& tokens = match.said->tokens;
  if (expected.what == kind::clause_end)
    return clause_ends(*match.said, at) && match_from(match, element_at + 1, at);

  std::size_t length = 0;
  if (at < tokens.size()) {
    const token& here = tokens[at];
    if (expected.what == kind::words) {
      const bool any = expected.words.front() == "_" && here.is_word &&
                       !is_a(here.lower, word_class::clause_word) && here.lower != "and";
      length = any || std::ranges::find(expected.words, here.lower) != expected.words.end() ? 1 : 0;
    } else if (expected.what == kind::word_class) {
      length = here.is_word && is_a(here.lower, expected.named_class) ? 1 : 0;
    } else {
      length = capture_length(expected.type, *match.said, *match.spoken, at);
    }
  }
  if (length > 0) {
    const std::size_t parts_before = match.part_count;
    if (expected.what != kind::words && !expected.repeated) {
      REVERIE_ASSERT(match.part_count < match.parts.size(), "a pattern has few captures");
      match.parts[match.part_count++] = {expected.text, at, at + length};
    }
    if (match_from(match, element_at + (expected.repeated ? 0 : 1), at + length)) return true;
    match.part_count = parts_before;
  }
  return expected.optional && match_from(match, element_at + 1, at);
}

} // namespace reverie::actors::bond
