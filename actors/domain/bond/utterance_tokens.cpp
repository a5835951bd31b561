#include "actors/domain/bond/utterance_tokens.hpp"

#include "events/model/text_terms.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace reverie::actors::bond {
namespace {

using namespace std::string_view_literals;

constexpr bool is_word_byte(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

constexpr bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

std::string lowered(std::string_view text) {
  std::string lower{text};
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

// Marks of more bytes that stand for an ASCII one. Dashes divide like commas; what else is no letter must not
// be crossed.
struct wide_mark {
  std::string_view bytes;
  char means;
};
constexpr std::array wide_marks{
    wide_mark{"\u2019", '\''}, wide_mark{"\u2018", '\''}, wide_mark{"\u201c", '"'}, wide_mark{"\u201d", '"'},
    wide_mark{"\u00ab", '"'},  wide_mark{"\u00bb", '"'},  wide_mark{"\u2013", ','}, wide_mark{"\u2014", ','},
    wide_mark{"\u2026", '.'},  wide_mark{"\u3002", '.'},  wide_mark{"\uff0c", ','}, wide_mark{"\uff01", '!'},
    wide_mark{"\uff1f", '?'},  wide_mark{"\u00a0", ' '}};

// The text with marks in ASCII, padded to the same bytes, so that places stay true; what is no letter becomes
// `|`.
std::string plain_marks(std::string_view text) {
  std::string plain{text};
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t bytes = events::character_bytes(text.substr(i));
    if (static_cast<unsigned char>(text[i]) >= 0x80) {
      const auto* mark = std::ranges::find(wide_marks, text.substr(i, bytes), &wide_mark::bytes);
      const char means = mark != wide_marks.end() ? mark->means : '|';
      const bool letter = mark == wide_marks.end() && !events::words_of(text.substr(i, bytes)).empty();
      // A combining mark gives no word of its own, but belongs to the word it stands in.
      const bool combining =
          bytes == 2 && (text.substr(i, 2) >= "\u0300"sv && text.substr(i, 2) <= "\u036f"sv);
      if (!letter && !combining) {
        for (std::size_t k = 0; k < bytes; ++k)
          plain[i + k] = means == '\'' ? '\x01' : ' ';
        plain[i] = means;
      }
    }
    i += bytes;
  }
  return plain;
}

void blank(std::string& text, std::size_t begin, std::size_t end) {
  end = std::min(end, text.size());
  for (std::size_t i = begin; i < end; ++i)
    text[i] = ' ';
  if (begin < end) text[begin] = '|';
}

// Blanks out from one mark to its partner; an opening mark alone stays. A partner lies in the same paragraph.
void blank_pairs(std::string& text, std::string_view mark) {
  for (std::size_t open = text.find(mark); open != std::string::npos;) {
    const std::size_t close = text.find(mark, open + mark.size());
    if (close == std::string::npos) return;
    if (std::string_view{text}.substr(open, close - open).find("\n\n") == std::string_view::npos) {
      blank(text, open, close + mark.size());
      open = text.find(mark, close + mark.size());
    } else {
      open = close;
    }
  }
}

void blank_quoted_lines(std::string& text) {
  for (std::size_t line = 0; line < text.size();) {
    const std::size_t end = std::min(text.find('\n', line), text.size());
    const std::size_t first = text.find_first_not_of(" \t", line);
    if (first != std::string::npos && first < end && text[first] == '>') blank(text, first, end);
    line = end + 1;
  }
}

// 'Single quotes' open after a blank and close before one; an apostrophe does neither.
void blank_single_quotes(std::string& text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != '\'' || (i > 0 && !is_space(text[i - 1]) && text[i - 1] != ',') ||
        !is_word_byte(text[i + 1]))
      continue;
    for (std::size_t k = i + 2; k < text.size() && text[k] != '\n'; ++k) {
      const bool closes = text[k] == '\'' && (k + 1 == text.size() || !is_word_byte(text[k + 1]));
      if (!closes) continue;
      blank(text, i, k + 1);
      break;
    }
  }
}

std::string without_quotations(std::string_view text, std::span<const text_span> skipped) {
  std::string plain = plain_marks(text);
  for (const text_span& span : skipped)
    blank(plain, std::min(span.begin, plain.size()), span.end);
  blank_quoted_lines(plain);
  blank_pairs(plain, "```");
  blank_pairs(plain, "`");
  for (std::size_t bold = plain.find("**"); bold != std::string::npos; bold = plain.find("**", bold))
    plain.replace(bold, 2, "  ");
  blank_pairs(plain, "*");
  blank_pairs(plain, "\"");
  blank_single_quotes(plain);
  return plain;
}

struct contraction {
  std::string_view written;
  std::string_view first;
  std::string_view second;
};
constexpr std::array contractions{contraction{"im", "i", "am"},        contraction{"ive", "i", "have"},
                                  contraction{"dont", "do", "not"},    contraction{"doesnt", "does", "not"},
                                  contraction{"didnt", "did", "not"},  contraction{"cant", "can", "not"},
                                  contraction{"isnt", "is", "not"},    contraction{"arent", "are", "not"},
                                  contraction{"wasnt", "was", "not"},  contraction{"cannot", "can", "not"},
                                  contraction{"won't", "will", "not"}, contraction{"can't", "can", "not"},
                                  contraction{"ain't", "am", "not"},   contraction{"gonna", "going", "to"},
                                  contraction{"wanna", "want", "to"},  contraction{"shan't", "shall", "not"}};
constexpr std::array endings{contraction{"'m", "", "am"},    contraction{"'re", "", "are"},
                             contraction{"'ve", "", "have"}, contraction{"'ll", "", "will"},
                             contraction{"'d", "", "would"}, contraction{"'s", "", "'s"}};

// Pushes a word, taken apart when it is a contraction.
void push_word(std::vector<token>& tokens, std::string_view text, text_span place, std::string lower) {
  std::erase(lower, '\x01');
  const std::string_view spelling = text.substr(place.begin, place.end - place.begin);
  const bool capital = events::begins_with_capital(spelling);
  const auto push = [&](std::string_view word, bool whole) {
    tokens.push_back(
        {std::string{word}, place, true, capital && whole, whole && events::is_all_capitals(spelling)});
  };
  for (const auto& each : contractions) {
    if (lower != each.written) continue;
    push(each.first, false);
    push(each.second, false);
    return;
  }
  if (lower.size() > 3 && lower.ends_with("n't")) {
    push(std::string_view{lower}.substr(0, lower.size() - 3), false);
    push("not", false);
    return;
  }
  for (const auto& each : endings) {
    if (lower.size() <= each.written.size() || !lower.ends_with(each.written)) continue;
    const std::size_t base = lower.size() - each.written.size();
    const std::size_t cut = place.begin + spelling.find_last_of(spelling.contains('\'') ? "'" : "\xe2");
    const text_span before{place.begin, cut};
    tokens.push_back({lower.substr(0, base), before, true, capital,
                      events::is_all_capitals(text.substr(before.begin, cut - before.begin))});
    tokens.push_back({std::string{each.second}, {cut, place.end}, true, false, false});
    return;
  }
  push(lower, true);
}

bool ends_sentence(std::string_view plain, std::size_t i, const std::vector<token>& tokens) {
  static constexpr std::array short_forms{"st"sv, "dr"sv, "mr"sv, "mrs"sv, "ms"sv, "jr"sv, "prof"sv, "vs"sv};
  if (plain[i] == '!' || plain[i] == '?' || plain[i] == ';' || plain[i] == '\n') return true;
  if (plain[i] != '.') return false;
  if (i + 1 < plain.size() && is_word_byte(plain[i + 1])) return false; // 3.5, example.org
  return tokens.empty() || !(is_one_of(tokens.back().lower, short_forms) && tokens.back().capital);
}

bool asks(std::string_view word) {
  static constexpr std::array words{
      "what"sv, "who"sv,    "whose"sv, "where"sv, "why"sv, "how"sv,   "which"sv, "do"sv,    "does"sv,
      "did"sv,  "is"sv,     "are"sv,   "am"sv,    "was"sv, "were"sv,  "can"sv,   "could"sv, "would"sv,
      "will"sv, "should"sv, "have"sv,  "has"sv,   "may"sv, "shall"sv, "guess"sv, "wouldn"sv};
  return is_one_of(word, words);
}

// Cuts the questioning end off a sentence that ends with `?`: "I'm Anna, and you?" states that the speaker is
// Anna.
void keep_what_is_stated(std::vector<token>& tokens) {
  static constexpr std::array turns_to_you{"you"sv,      "yours"sv, "right"sv, "ok"sv,  "okay"sv,
                                           "remember"sv, "eh"sv,    "huh"sv,   "yes"sv, "no"sv,
                                           "and"sv,      "so"sv,    "but"sv};
  for (std::size_t i = tokens.size(); i-- > 0;) {
    if (tokens[i].is_word || i + 1 == tokens.size()) continue;
    const token& next = tokens[i + 1];
    if (asks(next.lower) || is_one_of(next.lower, turns_to_you)) {
      tokens.resize(i);
      return;
    }
  }
  tokens.clear();
}

void finish(std::vector<statement>& found, std::string_view text, std::vector<token>& tokens, bool question) {
  if (question) keep_what_is_stated(tokens);
  const auto first = std::ranges::find_if(tokens, &token::is_word);
  const bool forbids = first != tokens.end() && first + 1 < tokens.end() && first->lower == "do" &&
                       (first + 1)->lower == "not"; // "Don't call me …"
  if (first != tokens.end() && (forbids || !asks(first->lower))) found.push_back({text, tokens});
  tokens.clear();
}

} // namespace

std::string statement::spelling(std::size_t begin, std::size_t end) const {
  std::string result;
  if (begin >= end || end > tokens.size()) return result;
  bool blank_due = false;
  for (const char c :
       text.substr(tokens[begin].place.begin, tokens[end - 1].place.end - tokens[begin].place.begin)) {
    if (is_space(c)) {
      blank_due = !result.empty();
    } else {
      if (std::exchange(blank_due, false)) result += ' ';
      result += c;
    }
  }
  return result;
}

std::vector<statement> statements_of(std::string_view text, std::span<const text_span> skipped) {
  const std::string plain = without_quotations(text, skipped);
  std::vector<statement> found;
  std::vector<token> tokens;
  for (std::size_t i = 0; i < plain.size();) {
    if (is_word_byte(plain[i])) {
      const std::size_t begin = i;
      const auto joins = [&](std::size_t k) { // a mark inside a word: O'Brien, mother-in-law, 3.5
        return (plain[k] == '\'' || plain[k] == '\x01' || plain[k] == '-' || plain[k] == '.') &&
               k + 1 < plain.size() && (is_word_byte(plain[k + 1]) || plain[k + 1] == '\x01');
      };
      while (i < plain.size() && (is_word_byte(plain[i]) || joins(i)))
        ++i;
      push_word(tokens, text, {begin, i}, lowered(std::string_view{plain}.substr(begin, i - begin)));
    } else if (ends_sentence(plain, i, tokens)) {
      finish(found, text, tokens, plain[i] == '?');
      ++i;
    } else {
      static constexpr std::string_view dividing = ",:|()-/&+=%$#@[]{}<>~_^";
      const char c = plain[i];
      const bool dash = c == '-' && (i == 0 || is_space(plain[i - 1]));
      if (dividing.contains(c) && (c != '-' || dash)) {
        const char kind = c == ',' || c == '(' || c == ')' || dash ? ',' : c == ':' ? ':' : '|';
        tokens.push_back({std::string(1, c == '&'   ? '&'
                                         : c == '%' ? '%'
                                                    : kind),
                          {i, i + 1},
                          false,
                          false,
                          false});
      }
      ++i;
    }
  }
  finish(found, text, tokens, false);
  return found;
}

} // namespace reverie::actors::bond
