#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace reverie::events {

/// Longest term in bytes of UTF-8; what is longer is cut at a character, so that a term always fits an index
/// row.
inline constexpr std::size_t longest_term_bytes = 64;

/// Every word of a text, in order, stop words included: NFKC-casefolded by ICU, accents taken off Latin
/// letters, then runs of letters, marks and digits (`[a-z0-9]+` for plain English). Scripts written without
/// spaces (Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese) give overlapping bigrams of characters; a
/// lone character stands for itself. Any bytes are accepted: what is not UTF-8 separates words. Pure,
/// thread-safe.
std::vector<std::string> words_of(std::string_view text);

/// The terms a text is indexed and searched by: `words_of` without stop words, each through `stem_of`. The
/// same function serves documents and queries. Pure, thread-safe.
std::vector<std::string> terms_of(std::string_view text);

/// Whether a folded word is one of the usual English words that carry no meaning of their own.
bool is_stop_word(std::string_view folded_word) noexcept;

/// Snowball's English stem of a folded word; words with other than `[a-z0-9]` come back as they are. One
/// stemmer a thread.
std::string stem_of(std::string_view folded_word);

/// Number of bytes of the UTF-8 character at the start of `text`; 1 for what is not UTF-8, 0 for an empty
/// text.
std::size_t character_bytes(std::string_view text) noexcept;

/// Whether a word begins like a name: with a letter that is not a small one (scripts without case included).
bool begins_with_capital(std::string_view word) noexcept;

/// Whether a word holds two letters or more, all of them capital.
bool is_all_capitals(std::string_view word) noexcept;

} // namespace reverie::events
