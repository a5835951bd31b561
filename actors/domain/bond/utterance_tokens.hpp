#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reverie::actors::bond {

/// Bytes [begin, end) of a text.
struct text_span {
  std::size_t begin = 0;
  std::size_t end = 0;

  friend bool operator==(const text_span&, const text_span&) = default;
};

/// A word or a mark of an utterance. Contractions are taken apart (`I'm` is `i` `am`, `don't` is `do` `not`);
/// the two parts share the bytes of the whole. What may not be crossed (an emoji, a quote left out) is the
/// token `|`.
struct token {
  std::string lower;    ///< ASCII letters in lower case, other bytes as they are
  text_span place;      ///< in the utterance
  bool is_word = false; ///< else a mark: `,` `:` `|`
  bool capital = false; ///< begins like a name
  bool all_capitals = false;
};

/// One sentence that the speaker states: no question, nothing quoted.
struct statement {
  std::string_view text; ///< the whole utterance; places of tokens are in it
  std::vector<token> tokens;

  /// The spelling of tokens [begin, end), white space made single blanks.
  std::string spelling(std::size_t begin, std::size_t end) const;
};

/// Takes an utterance apart into the sentences its speaker states. Left out: questions, quotations, quoted
/// lines (`> …`), code, `*actions*` of role play, and the spans to skip (recalled text). Any bytes are
/// accepted. Pure.
std::vector<statement> statements_of(std::string_view text, std::span<const text_span> skipped);

} // namespace reverie::actors::bond
