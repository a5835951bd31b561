#pragma once

#include "actors/domain/bond/fact_rules.hpp"
#include "actors/domain/bond/fact_words.hpp"
#include "actors/domain/bond/time_expressions.hpp"
#include "actors/domain/bond/utterance_tokens.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace reverie::actors::bond {

/// Tokens [begin, end) of a statement that a part of a pattern took.
struct taken {
  std::string_view part; ///< the name of the capture or the class
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Where and how a pattern fits a statement.
struct pattern_match {
  const statement* said = nullptr;
  const utterance* spoken = nullptr;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::array<taken, 8> parts{};
  std::size_t part_count = 0;

  /// The tokens a part took; nothing when it was optional and absent.
  std::optional<taken> part(std::string_view name) const;
  /// The spelling of a part; empty when absent.
  std::string text(std::string_view name) const;
  /// Its words in lower case; empty when absent.
  std::string lower(std::string_view name) const;
  /// The expression of time in the match or right behind it in the same clause.
  std::optional<named_time> time() const;
};

/// A pattern of words. Elements are divided by blanks: `word` or `one|other` (those words), `@class` (a word
/// of a class),
/// `<name:type>` (a capture), `$` (the clause ends here); `?` behind an element makes it optional, `*` lets
/// it repeat. Types: name, strict_name, place, org, np (noun phrase), thing (what one likes), job, number.
class pattern {
public:
  explicit pattern(std::string_view written);

  /// The match that begins at a token, if there is one. Optional parts are taken when they can be.
  std::optional<pattern_match> match(const statement& said, const utterance& spoken, std::size_t begin) const;

  /// Whether it could match a statement of these words: false quickly rules out most patterns.
  bool may_match(const std::unordered_set<std::string_view>& words) const;

private:
  enum class kind : unsigned char { words, word_class, capture, clause_end };
  struct element {
    kind what = kind::words;
    std::string_view text;               ///< the class's or the capture's name
    std::vector<std::string_view> words; ///< one of which has to stand there; `_` is any word
    std::string_view type;
    word_class named_class{};
    bool optional = false;
    bool repeated = false;
  };

  bool match_from(pattern_match& match, std::size_t element_at, std::size_t at) const;

  std::vector<element> elements_;
};

/// Whether a clause ends before token `at`: end of the sentence, a mark, or a word that begins another
/// clause.
bool clause_ends(const statement& said, std::size_t at);

/// How many tokens from `at` a capture of a type takes; 0 when it takes none.
std::size_t capture_length(std::string_view type, const statement& said, const utterance& spoken,
                           std::size_t at);

/// A rule: a stable code, what it looks for, and what it makes of it.
struct fact_rule {
  std::string_view code;
  std::string_view pattern;
  void (*found)(const pattern_match& match, std::vector<extracted_fact>& facts);
};

/// The rules, one table for each concern.
std::span<const fact_rule> identity_rules();
std::span<const fact_rule> work_rules();
std::span<const fact_rule> people_rules();
std::span<const fact_rule> pet_rules();
std::span<const fact_rule> taste_rules();
std::span<const fact_rule> time_rules();
/// Names said of the one last mentioned ("Her name is …"): looked for after all others in each sentence.
std::span<const fact_rule> pronoun_name_rules();

} // namespace reverie::actors::bond
