#include "events/model/text_terms.hpp"

#include <libstemmer.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>

namespace reverie::events {
namespace {

// Sorted, for the binary search. The single letters and fragments are what `[a-z0-9]+` leaves of
// contractions.
constexpr std::string_view stop_words[] = {
    "a",       "about",      "above",    "after",     "again",   "against", "ain",    "all",       "also",
    "am",      "an",         "and",      "any",       "are",     "aren",    "as",     "at",        "be",
    "because", "been",       "before",   "being",     "below",   "between", "both",   "but",       "by",
    "can",     "could",      "couldn",   "d",         "did",     "didn",    "do",     "does",      "doesn",
    "doing",   "don",        "down",     "during",    "each",    "few",     "for",    "from",      "further",
    "had",     "hadn",       "has",      "hasn",      "have",    "haven",   "having", "he",        "her",
    "here",    "hers",       "herself",  "him",       "himself", "his",     "how",    "i",         "if",
    "in",      "into",       "is",       "isn",       "it",      "its",     "itself", "just",      "ll",
    "m",       "me",         "might",    "mightn",    "more",    "most",    "must",   "mustn",     "my",
    "myself",  "needn",      "no",       "nor",       "not",     "now",     "o",      "of",        "off",
    "on",      "once",       "only",     "or",        "other",   "our",     "ours",   "ourselves", "out",
    "over",    "own",        "re",       "s",         "same",    "shan",    "she",    "should",    "shouldn",
    "so",      "some",       "such",     "t",         "than",    "that",    "the",    "their",     "theirs",
    "them",    "themselves", "then",     "there",     "these",   "they",    "this",   "those",     "through",
    "to",      "too",        "under",    "until",     "up",      "ve",      "very",   "was",       "wasn",
    "we",      "were",       "weren",    "what",      "when",    "where",   "which",  "while",     "who",
    "whom",    "why",        "will",     "with",      "won",     "would",   "wouldn", "y",         "you",
    "your",    "yours",      "yourself", "yourselves"};
static_assert(std::ranges::is_sorted(stop_words));

constexpr bool is_ascii_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

constexpr char lowered(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

void append_utf8(std::string& out, UChar32 c) {
  const auto code = static_cast<std::uint32_t>(c);
  const auto put = [&out](std::uint32_t byte) {
    out.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
  };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | code >> 6U);
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | code >> 12U);
    put(0x80U | (code >> 6U & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | code >> 18U);
    put(0x80U | (code >> 12U & 0x3FU));
    put(0x80U | (code >> 6U & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

// Scripts whose writers put no space between words. By the property and not by ICU's dictionaries, so that
// two builds with different ICU data index alike.
bool is_unspaced(UChar32 c) noexcept {
  if (c < 0x0E00) return false;
  if (c == 0x30FC || c == 0x3005) return true; // long-vowel and repetition marks belong to no one script
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(c, &status)) {
  case USCRIPT_HAN:
  case USCRIPT_HIRAGANA:
  case USCRIPT_KATAKANA:
  case USCRIPT_HANGUL:
  case USCRIPT_THAI:
  case USCRIPT_LAO:
  case USCRIPT_KHMER:
  case USCRIPT_MYANMAR:
    return true;
  default:
    return false;
  }
}

bool is_mark(UChar32 c) noexcept {
  return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
}

// Collects the words of folded text, one code point at a time.
class word_collector {
public:
  explicit word_collector(std::vector<std::string>& out) : out_(out) {}

  void take(UChar32 c) {
    if (is_mark(c)) {
      if (!characters_.empty())
        append_utf8(characters_.back(), c);
      else if (!word_.empty() && !latin_)
        append_utf8(word_, c);
      return; // an accent on a Latin letter is dropped
    }
    if (!u_isalnum(c)) {
      end();
    } else if (is_unspaced(c)) {
      end_word();
      characters_.emplace_back();
      append_utf8(characters_.back(), c);
    } else {
      end_run();
      latin_ = c < 0x0250 || (c >= 0x1E00 && c < 0x1F00);
      append_utf8(word_, c);
    }
  }

  void end() {
    end_word();
    end_run();
  }

private:
  void end_word() {
    if (word_.empty()) return;
    if (word_.size() > longest_term_bytes) {
      std::size_t cut = longest_term_bytes;
      while (cut > 0 && (static_cast<unsigned char>(word_[cut]) & 0xC0U) == 0x80U)
        --cut;
      word_.resize(cut);
    }
    out_.push_back(std::exchange(word_, {}));
  }

  void end_run() {
    if (characters_.empty()) return;
    for (auto& character : characters_) {
      if (character.size() > longest_term_bytes / 2) character.resize(character_bytes(character));
    }
    if (characters_.size() == 1) out_.push_back(std::move(characters_.front()));
    for (std::size_t i = 1; i < characters_.size(); ++i)
      out_.push_back(characters_[i - 1] + characters_[i]);
    characters_.clear();
  }

  std::vector<std::string>& out_;
  std::string word_;
  std::vector<std::string> characters_; // of the run of an unspaced script that is being read
  bool latin_ = false;
};

std::vector<std::string> ascii_words(std::string_view text) {
  std::vector<std::string> words;
  words.reserve(text.size() / 6 + 1);
  for (std::size_t i = 0; i < text.size();) {
    if (!is_ascii_word(text[i])) {
      ++i;
      continue;
    }
    const std::size_t start = i;
    while (i < text.size() && is_ascii_word(text[i]))
      ++i;
    std::string& word = words.emplace_back(text.substr(start, std::min(i - start, longest_term_bytes)));
    std::ranges::transform(word, word.begin(), lowered);
  }
  return words;
}

std::u16string normalised(const UNormalizer2* form, const std::u16string& text) {
  std::u16string out(text.size() + 16, u'\0');
  for (;;) {
    UErrorCode status = U_ZERO_ERROR;
    const auto length = unorm2_normalize(form, text.data(), static_cast<std::int32_t>(text.size()),
                                         out.data(), static_cast<std::int32_t>(out.size()), &status);
    out.resize(static_cast<std::size_t>(std::max(length, 0)));
    if (status != U_BUFFER_OVERFLOW_ERROR) return U_FAILURE(status) ? std::u16string{} : out;
  }
}

// ICU made this text, so surrogates come in pairs.
UChar32 next_code_point(const std::u16string& text, std::size_t& i) {
  const auto first = static_cast<UChar32>(text[i++]);
  if ((first & 0xFC00) != 0xD800 || i == text.size()) return first;
  return 0x10000 + ((first - 0xD800) << 10) + (static_cast<UChar32>(text[i++]) - 0xDC00);
}

// Casefolded, then taken apart, so that the accents of Latin letters are marks of their own; Hangul, Kana and
// the rest must stay whole, so only what decomposes to a Latin base is taken apart, when it is read.
std::vector<std::string> unicode_words(std::string_view text) {
  std::u16string wide(text.size() + 1, u'\0'); // UTF-16 never needs more units than UTF-8 has bytes
  std::int32_t length = 0;
  UErrorCode status = U_ZERO_ERROR;
  u_strFromUTF8WithSub(wide.data(), static_cast<std::int32_t>(wide.size()), &length, text.data(),
                       static_cast<std::int32_t>(text.size()), 0xFFFD, nullptr, &status);
  wide.resize(static_cast<std::size_t>(std::max(length, 0)));
  UErrorCode form_status = U_ZERO_ERROR;
  const UNormalizer2* fold = unorm2_getNFKCCasefoldInstance(&form_status);
  const UNormalizer2* canonical = unorm2_getNFCInstance(&form_status);
  if (U_FAILURE(status) || U_FAILURE(form_status)) return ascii_words(text);

  const std::u16string folded = normalised(fold, wide);
  std::vector<std::string> words;
  words.reserve(folded.size() / 6 + 1);
  word_collector collector(words);
  for (std::size_t i = 0; i < folded.size();) {
    UChar32 c = next_code_point(folded, i);
    std::array<UChar, 16> parts{};
    UErrorCode part_status = U_ZERO_ERROR;
    const bool latin = c >= 0x00C0 && (c < 0x0250 || (c >= 0x1E00 && c < 0x1F00));
    const std::int32_t taken =
        latin ? unorm2_getDecomposition(canonical, c, parts.data(), static_cast<std::int32_t>(parts.size()),
                                        &part_status)
              : -1;
    if (taken > 0 && U_SUCCESS(part_status)) c = parts[0]; // a Latin base lies in the first plane
    collector.take(c);
  }
  collector.end();
  return words;
}

struct stemmer_deleter {
  void operator()(sb_stemmer* stemmer) const noexcept { sb_stemmer_delete(stemmer); }
};

sb_stemmer* stemmer_of_this_thread() {
  thread_local const std::unique_ptr<sb_stemmer, stemmer_deleter> stemmer{sb_stemmer_new("english", nullptr)};
  if (!stemmer) std::abort(); // a library without its English stemmer would index wrongly, in silence
  return stemmer.get();
}

} // namespace

std::size_t character_bytes(std::string_view text) noexcept {
  if (text.empty()) return 0;
  const auto lead = static_cast<unsigned char>(text.front());
  std::size_t wanted = 1;
  if (lead >= 0xC2 && lead < 0xE0) wanted = 2;
  if (lead >= 0xE0 && lead < 0xF0) wanted = 3;
  if (lead >= 0xF0 && lead < 0xF5) wanted = 4;
  if (wanted > text.size()) return 1;
  for (std::size_t i = 1; i < wanted; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) return 1;
  }
  return wanted;
}

// The code point at the start of `text`; -1 for what is not UTF-8.
static UChar32 code_point_at(std::string_view text) noexcept {
  const std::size_t bytes = character_bytes(text);
  const auto byte = [&](std::size_t i) { return static_cast<UChar32>(static_cast<unsigned char>(text[i])); };
  switch (bytes) {
  case 1:
    return byte(0) < 0x80 ? byte(0) : -1;
  case 2:
    return (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
  case 3:
    return (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
  case 4:
    return (byte(0) & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
  default:
    return -1;
  }
}

bool begins_with_capital(std::string_view word) noexcept {
  const UChar32 first = code_point_at(word);
  return first >= 0 && u_isalpha(first) && !u_islower(first);
}

bool is_all_capitals(std::string_view word) noexcept {
  int letters = 0;
  for (std::size_t i = 0; i < word.size(); i += character_bytes(word.substr(i))) {
    const UChar32 c = code_point_at(word.substr(i));
    if (c < 0 || !u_isalpha(c)) continue;
    if (!u_isupper(c)) return false;
    ++letters;
  }
  return letters >= 2;
}

std::vector<std::string> words_of(std::string_view text) {
  const bool ascii = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii ? ascii_words(text) : unicode_words(text);
}

bool is_stop_word(std::string_view folded_word) noexcept {
  return std::ranges::binary_search(stop_words, folded_word);
}

std::string stem_of(std::string_view folded_word) {
  if (!std::ranges::all_of(folded_word, is_ascii_word)) return std::string{folded_word};
  sb_stemmer* stemmer = stemmer_of_this_thread();
  const auto* stem = sb_stemmer_stem(stemmer, reinterpret_cast<const sb_symbol*>(folded_word.data()),
                                     static_cast<int>(folded_word.size()));
  if (stem == nullptr) std::abort(); // out of memory
  return {reinterpret_cast<const char*>(stem), static_cast<std::size_t>(sb_stemmer_length(stemmer))};
}

std::vector<std::string> terms_of(std::string_view text) {
  std::vector<std::string> terms = words_of(text);
  std::erase_if(terms, [](const std::string& word) { return is_stop_word(word); });
  for (auto& term : terms)
    term = stem_of(term);
  return terms;
}

} // namespace reverie::events
