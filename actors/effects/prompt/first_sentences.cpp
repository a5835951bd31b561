#include "actors/effects/prompt/first_sentences.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace reverie::actors::prompt {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

/// Bytes of a mark at `at` out of a list; 0 for none.
template <std::size_t Count>
std::size_t mark_bytes(std::string_view text, std::size_t at, const std::array<std::string_view, Count>& marks) {
  for (const auto mark : marks)
    if (text.substr(at).starts_with(mark)) return mark.size();
  return 0;
}

constexpr std::array<std::string_view, 7> ends{".", "!", "?", "\u2026", "\u3002", "\uFF01", "\uFF1F"};
constexpr std::array<std::string_view, 8> closers{"\"", "'", ")", "]", "*", "\u201D", "\u2019", "\u300D"};
constexpr std::array<std::string_view, 8> titles{"Mr", "Mrs", "Ms", "Dr", "St", "Prof", "e.g", "i.e"};

/// Whether the full stop at `at` belongs to a title or an initial.
bool abbreviates(std::string_view text, std::size_t at) {
  auto begin = at;
  while (begin > 0 && !is_blank(text[begin - 1])) --begin;
  const auto word = text.substr(begin, at - begin);
  const bool initial = word.size() == 1 && std::isupper(static_cast<unsigned char>(word[0])) != 0 && word != "I";
  return initial || std::ranges::find(titles, word) != titles.end();
}

struct sentence_end {
  std::size_t after;   ///< byte after the sentence
  bool certain;        ///< what follows shows that it is over
};

/// The end of the first sentence at or after `from`.
std::optional<sentence_end> next_end(std::string_view text, std::size_t from) {
  for (auto at = from; at < text.size(); ++at) {
    if (mark_bytes(text, at, ends) == 0) continue;
    if (text[at] == '.' && abbreviates(text, at)) continue;
    auto after = at;
    bool wide = false;
    for (auto bytes = mark_bytes(text, after, ends); bytes > 0; bytes = mark_bytes(text, after, ends)) {
      wide = bytes > 1;
      after += bytes;
    }
    for (auto bytes = mark_bytes(text, after, closers); bytes > 0; bytes = mark_bytes(text, after, closers)) after += bytes;
    if (after == text.size()) return sentence_end{after, false};
    if (wide || is_blank(text[after])) return sentence_end{after, true};
    at = after - 1;
  }
  return std::nullopt;
}

struct limited {
  std::size_t bytes;
  bool full;
};

/// Bytes of the first sentences; `full` when the last of them is over for certain.
limited limit(std::string_view text, std::size_t sentences_max) {
  std::size_t at = 0;
  for (std::size_t sentence = 0; sentence < sentences_max; ++sentence) {
    const auto end = next_end(text, at);
    if (!end) return {text.size(), false};
    if (!end->certain) return {end->after, false};
    at = end->after;
  }
  return {at, true};
}

std::string_view without_blanks_after(std::string_view text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

} // namespace

std::string first_sentences(std::string_view text, std::size_t sentences_max) {
  return std::string(without_blanks_after(text.substr(0, limit(text, sentences_max).bytes)));
}

std::string sentence_limiter::take(std::string_view piece) {
  if (sentences_max_ == 0) {
    given_ += piece;
    return std::string(piece);
  }
  if (full_) return {};
  seen_ += piece;
  const auto [bytes, full] = limit(seen_, sentences_max_);
  full_ = full;
  const auto passes = without_blanks_after(std::string_view(seen_).substr(0, bytes));
  if (passes.size() <= given_.size()) return {};
  std::string fresh(passes.substr(given_.size()));
  given_ += fresh;
  return fresh;
}

} // namespace reverie::actors::prompt
