#include "actors/domain/bond/fact_patterns.hpp"

#include <algorithm>
#include <array>

namespace reverie::actors::bond {
namespace {

using namespace std::string_view_literals;

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::ranges::find(words, word) != words.end();
}

// One statement, seen from one token.
class capture {
public:
  capture(const statement& said, const utterance& spoken, std::size_t at)
      : tokens_(said.tokens), said_(said), spoken_(spoken), at_(at) {}

  std::size_t of(std::string_view type) const {
    if (at_ >= tokens_.size() || !tokens_[at_].is_word) return 0;
    if (type == "strict_name") return strict_name();
    if (type == "name") return std::max(strict_name(true), small_name());
    if (type == "apposed") return apposed();
    if (type == "place") return std::max(capital_place(), std::max(described_place(), small_place()));
    if (type == "org") return organisation();
    if (type == "np") return phrase(6);
    if (type == "long") return phrase(9);
    if (type == "thing") return thing();
    if (type == "job") return job();
    if (type == "field") return field();
    if (type == "number") return number_of(tokens_[at_].lower) ? 1 : 0;
    if (type == "date") return date();
    if (type == "consume") return lower(at_) == "eat" || lower(at_) == "drink" ? 1 : 0;
    if (type == "kind") return kind();
    if (type == "allergen") return allergen();
    if (type == "occasion_phrase") return occasion();
    if (type == "plan_verb") return is_one_of(lower(at_), plan_verbs) ? 1 : 0;
    if (type == "relatives") return is_one_of(lower(at_), relatives) ? 1 : 0;
    if (type == "relationship") return is_one_of(lower(at_), relationships) ? 1 : 0;
    return 0;
  }

private:
  static constexpr std::array relatives{"kids"sv, "children"sv,  "siblings"sv, "brothers"sv,      "sisters"sv,
                                        "sons"sv, "daughters"sv, "cousins"sv,  "grandchildren"sv, "pets"sv,
                                        "cats"sv, "dogs"sv,      "nieces"sv,   "nephews"sv};
  static constexpr std::array relationships{"married"sv,  "single"sv,  "engaged"sv,
                                            "divorced"sv, "widowed"sv, "separated"sv};

  static constexpr std::array plan_verbs{
      "flying"sv,     "traveling"sv, "travelling"sv, "moving"sv,    "visiting"sv,    "starting"sv,
      "getting"sv,    "meeting"sv,   "seeing"sv,     "leaving"sv,   "running"sv,     "having"sv,
      "taking"sv,     "throwing"sv,  "hosting"sv,    "attending"sv, "playing"sv,     "performing"sv,
      "graduating"sv, "driving"sv,   "going"sv,      "doing"sv,     "celebrating"sv, "presenting"sv,
      "defending"sv,  "marrying"sv,  "hiking"sv,     "camping"sv,   "staying"sv};

  std::string_view lower(std::size_t i) const {
    return i < tokens_.size() ? std::string_view{tokens_[i].lower} : std::string_view{};
  }
  bool ends(std::size_t i) const { return clause_ends(said_, i); }
  bool is_time(std::size_t i) const {
    return time_at(said_, i, spoken_.said_at, spoken_.utc_offset).has_value();
  }

  // A word that can stand in a name; in the first place of weak patterns everything known to be something
  // else is none.
  bool can_be_name(std::size_t i) const {
    if (i >= tokens_.size() || !tokens_[i].is_word) return false;
    const std::string_view word = lower(i);
    if (word == "'s" || word.find_first_of("0123456789") != std::string_view::npos) return false;
    for (const auto other : {word_class::feeling, word_class::nationality, word_class::calendar,
                             word_class::determiner, word_class::pronoun, word_class::clause_word,
                             word_class::profession, word_class::health, word_class::kin, word_class::pet}) {
      if (is_a(word, other)) return false;
    }
    return true;
  }

  std::size_t capital_run(std::size_t most, bool all_capitals) const {
    static constexpr std::array particles{"de"sv,  "da"sv,  "do"sv,  "dos"sv, "del"sv, "della"sv,
                                          "van"sv, "von"sv, "der"sv, "den"sv, "la"sv,  "le"sv,
                                          "bin"sv, "ibn"sv, "al"sv,  "di"sv,  "du"sv};
    std::size_t length = 0;
    std::size_t names = 0;
    while (names < most && at_ + length < tokens_.size()) {
      const std::size_t i = at_ + length;
      std::size_t skipped = 0;
      while (length > 0 && skipped < 2 && is_one_of(lower(i + skipped), particles) &&
             !tokens_[i + skipped].capital)
        ++skipped;
      if (i + skipped >= tokens_.size() || !tokens_[i + skipped].capital || !can_be_name(i + skipped)) break;
      if (tokens_[i + skipped].all_capitals && !all_capitals) break;
      length += skipped + 1;
      ++names;
    }
    return length;
  }

  std::size_t strict_name(bool all_capitals = false) const {
    const std::size_t length = capital_run(3, all_capitals);
    const std::size_t behind = at_ + length;
    if (length == 0 || lower(behind) == "'s") return 0;
    return ends(behind) || is_time(behind) || lower(behind) == "from" || lower(behind) == "by" ||
                   lower(behind) == "nice" || lower(behind) == "not"
               ? length
               : 0;
  }

  // anna, by one who writes everything small
  std::size_t small_name() const {
    if (tokens_[at_].capital || !can_be_name(at_) || lower(at_).size() < 2) return 0;
    for (const auto other :
         {word_class::adverb, word_class::lead_in, word_class::hypothetical, word_class::occasion}) {
      if (is_a(lower(at_), other)) return 0;
    }
    static constexpr std::array verbs{"asap"sv,       "anytime"sv, "please"sv,      "up"sv,
                                      "whatever"sv,   "names"sv,   "meaningless"sv, "silly"sv,
                                      "irrelevant"sv, "taken"sv,   "later"sv};
    return !is_one_of(lower(at_), verbs) && ends(at_ + 1) ? 1 : 0;
  }

  // Behind "my sister": a name right there, and no more than two words of it.
  std::size_t apposed() const {
    const std::size_t length = capital_run(2, false);
    return length > 0 && lower(at_ + length) != "'s" ? length : 0;
  }

  std::size_t capital_place() const {
    static constexpr std::array joining{"of"sv, "the"sv, "de"sv,   "do"sv, "da"sv, "del"sv,
                                        "la"sv, "le"sv,  "upon"sv, "am"sv, "an"sv, "der"sv};
    std::size_t at = at_ + (lower(at_) == "the" ? 1 : 0);
    const std::size_t first = at;
    while (at < tokens_.size() && at < first + 5) {
      std::size_t skipped = 0;
      while (at > first && skipped < 2 && !tokens_[at].capital && is_one_of(lower(at + skipped), joining))
        ++skipped;
      if (at + skipped >= tokens_.size() || !tokens_[at + skipped].is_word || !tokens_[at + skipped].capital)
        break;
      const std::string_view word = lower(at + skipped);
      if (is_a(word, word_class::calendar) || is_a(word, word_class::pronoun) ||
          is_a(word, word_class::determiner))
        break;
      if (at == first && is_a(word, word_class::not_a_place)) break;
      at += skipped + 1;
    }
    return at == first || lower(at) == "'s" ? 0 : at - at_;
  }

  // a small town near Porto; the countryside
  std::size_t described_place() const {
    if (!is_a(lower(at_), word_class::determiner) || lower(at_) == "my" || lower(at_) == "our") return 0;
    for (std::size_t i = at_ + 1; i < at_ + 4 && i < tokens_.size() && tokens_[i].is_word; ++i) {
      if (!is_a(lower(i), word_class::common_place)) continue;
      const std::string_view joint = lower(i + 1);
      if (joint == "near" || joint == "in" || joint == "by" || joint == "outside" || joint == "of") {
        const std::size_t named = i + 2 < tokens_.size() ? capture(said_, spoken_, i + 2).capital_place() : 0;
        if (named > 0) return i + 2 + named - at_;
      }
      return i + 1 - at_;
    }
    return 0;
  }

  std::size_t small_place() const {
    const token& here = tokens_[at_];
    if (here.capital || lower(at_).size() < 3 ||
        lower(at_).find_first_of("0123456789") != std::string_view::npos)
      return 0;
    for (const auto other : {word_class::not_a_place, word_class::pronoun, word_class::clause_word,
                             word_class::feeling, word_class::calendar, word_class::adverb}) {
      if (is_a(lower(at_), other)) return 0;
    }
    return ends(at_ + 1) || is_time(at_ + 1) ? 1 : 0;
  }

  std::size_t organisation() const {
    static constexpr std::array stops{"as"sv, "in"sv, "on"sv, "for"sv,   "with"sv, "from"sv, "near"sv,
                                      "or"sv, "to"sv, "by"sv, "there"sv, "now"sv,  "any"sv,  "anymore"sv};
    const bool article = lower(at_) == "a" || lower(at_) == "an" || lower(at_) == "the";
    if (!article && (!tokens_[at_].capital || is_a(lower(at_), word_class::calendar))) return 0;
    std::size_t length = article ? 1 : 0;
    while (length < 6 && !ends(at_ + length) && !is_one_of(lower(at_ + length), stops) &&
           !is_time(at_ + length))
      ++length;
    const std::string_view last = lower(at_ + length - 1);
    if (length <= (article ? 1U : 0U) || last == "moment" || last == "time" || last == "night" ||
        last == "day")
      return 0;
    return length;
  }

  std::size_t phrase(std::size_t most) const {
    if (is_a(lower(at_), word_class::clause_word)) return 0;
    if (is_a(lower(at_), word_class::pronoun) && !is_a(lower(at_), word_class::determiner)) return 0;
    std::size_t length = 0;
    while (!ends(at_ + length) && !is_time(at_ + length)) {
      if (++length > most) return 0;
    }
    while (length > 0 && hangs(at_ + length - 1))
      --length;
    return length;
  }

  // A preposition or an article that something should follow.
  bool hangs(std::size_t i) const {
    static constexpr std::array words{"to"sv,   "of"sv,    "for"sv,   "with"sv, "in"sv,    "on"sv,
                                      "at"sv,   "from"sv,  "by"sv,    "into"sv, "about"sv, "a"sv,
                                      "an"sv,   "the"sv,   "my"sv,    "our"sv,  "their"sv, "some"sv,
                                      "like"sv, "these"sv, "those"sv, "his"sv,  "her"sv,   "its"sv};
    return is_one_of(lower(i), words);
  }

  std::size_t thing() const {
    static constexpr std::array no_start{
        "my"sv,   "our"sv,  "your"sv, "how"sv,  "being"sv, "way"sv,  "hearing"sv, "seeing"sv, "talking"sv,
        "hear"sv, "more"sv, "less"sv, "when"sv, "most"sv,  "with"sv, "for"sv,     "in"sv,     "on"sv,
        "at"sv,   "and"sv,  "or"sv,   "not"sv,  "no"sv,    "much"sv, "of"sv};
    static constexpr std::array stops{
        "a lot"sv, "so"sv,       "very"sv,  "too"sv,      "any"sv,    "anymore"sv, "anyway"sv,
        "much"sv,  "more"sv,     "most"sv,  "these"sv,    "now"sv,    "right"sv,   "or"sv,
        "well"sv,  "actually"sv, "lol"sv,   "haha"sv,     "either"sv, "again"sv,   "together"sv,
        "best"sv,  "every"sv,    "whole"sv, "honestly"sv, "tbh"sv,    "though"sv,  "sometimes"sv,
        "often"sv, "back"sv,     "quite"sv, "really"sv,   "about"sv};
    const std::string_view first = lower(at_);
    if (is_one_of(first, no_start) || (is_a(first, word_class::pronoun)) ||
        is_a(first, word_class::clause_word))
      return 0;
    if (first == "the" && (lower(at_ + 1) == "way" || lower(at_ + 1) == "fact" || lower(at_ + 1) == "idea" ||
                           lower(at_ + 1) == "sound" || lower(at_ + 1) == "one"))
      return 0;
    if (first == "to" && (lower(at_ + 1) == "be" || lower(at_ + 1) == "hear" || lower(at_ + 1) == "see" ||
                          lower(at_ + 1) == "know" || lower(at_ + 1) == "think" || lower(at_ + 1) == "say"))
      return 0;
    static constexpr std::array liked_the{
        "beach"sv,    "sea"sv,    "ocean"sv,   "rain"sv,    "sun"sv,         "snow"sv,   "mountains"sv,
        "outdoors"sv, "cinema"sv, "theatre"sv, "theater"sv, "countryside"sv, "piano"sv,  "opera"sv,
        "cold"sv,     "heat"sv,   "dark"sv,    "night"sv,   "winter"sv,      "summer"sv, "autumn"sv,
        "spring"sv,   "forest"sv, "stars"sv,   "moon"sv,    "80s"sv,         "90s"sv};
    if (first == "all" || first == "both" || first == "also") return 0;
    if (first == "the" &&
        !(at_ + 1 < tokens_.size() && (tokens_[at_ + 1].capital || is_one_of(lower(at_ + 1), liked_the))))
      return 0;
    std::size_t length = 0;
    while (!ends(at_ + length) && !is_time(at_ + length)) {
      if (length == 8) return 0; // no end in sight: what was cut off would be missed
      const std::string_view word = lower(at_ + length);
      if (word == "them" || word == "it" || word == "him" || word == "her" || word == "this" ||
          word == "that")
        return 0;
      if (is_one_of(word, stops) || (word == "a" && lower(at_ + length + 1) == "lot") ||
          (word == "the" && (lower(at_ + length + 1) == "most" || lower(at_ + length + 1) == "best")))
        break;
      if (word == "you" || word == "your" || word == "me" || word == "i" || word == "we") return 0;
      ++length;
    }
    if (length > 1 && hangs(at_ + length - 1)) return 0;
    const bool bare = length == 1 && (is_a(first, word_class::determiner) || first == "to");
    return bare || lower(at_ + length) == "'s" ? 0 : length;
  }

  std::size_t job() const {
    static constexpr std::array judging{
        "good"sv,      "great"sv, "bad"sv,      "terrible"sv, "decent"sv,  "fast"sv,    "slow"sv,
        "better"sv,    "big"sv,   "horrible"sv, "awful"sv,    "heavy"sv,   "natural"sv, "mean"sv,
        "excellent"sv, "poor"sv,  "quick"sv,    "avid"sv,     "careful"sv, "safe"sv,    "huge"sv,
        "bit"sv,       "total"sv, "not"sv,      "wannabe"sv,  "future"sv,  "former"sv,  "aspiring"sv};
    static constexpr std::array behind{"at"sv, "for"sv, "in"sv,   "from"sv, "with"sv, "by"sv,     "working"sv,
                                       "on"sv, "of"sv,  "here"sv, "now"sv,  "any"sv,  "anymore"sv};
    for (std::size_t i = at_; i < at_ + 5 && i < tokens_.size() && !ends(i); ++i) {
      if (is_one_of(lower(i), judging)) return 0;
      if (!is_a(lower(i), word_class::profession)) continue;
      if (ends(i + 1) || is_one_of(lower(i + 1), behind) || is_time(i + 1)) return i + 1 - at_;
    }
    return 0;
  }

  // I work in marketing: one or two small words
  std::size_t field() const {
    static constexpr std::array others{"shifts"sv,   "teams"sv,    "person"sv,  "bed"sv,   "town"sv,
                                       "office"sv,   "progress"sv, "silence"sv, "pairs"sv, "groups"sv,
                                       "mornings"sv, "bursts"sv,   "front"sv,   "here"sv};
    std::size_t length = 0;
    while (length < 3 && !ends(at_ + length) && !is_time(at_ + length)) {
      const std::string_view word = lower(at_ + length);
      if (is_a(word, word_class::determiner) || is_a(word, word_class::not_a_place) ||
          is_a(word, word_class::pronoun) || is_one_of(word, others))
        return 0;
      if (word == "for" || word == "at" || word == "and") break;
      ++length;
    }
    return length <= 2 ? length : 0;
  }

  // Behind "my favourite": what kind of thing, up to the verb.
  std::size_t kind() const {
    std::size_t length = 0;
    while (length < 3 && at_ + length < tokens_.size() && tokens_[at_ + length].is_word) {
      const std::string_view word = lower(at_ + length);
      if (word == "is" || word == "'s" || word == "are" || clause_ends(said_, at_ + length)) break;
      ++length;
    }
    return length;
  }

  // a severe peanut allergy: the word or two before it
  std::size_t allergen() const {
    static constexpr std::array grades{"bad"sv,    "severe"sv,   "strong"sv, "mild"sv, "new"sv,    "weird"sv,
                                       "slight"sv, "terrible"sv, "food"sv,   "skin"sv, "serious"sv};
    if (is_one_of(lower(at_), grades)) return 0;
    for (std::size_t length = 1; length <= 2; ++length) {
      if (lower(at_ + length) == "allergy") return length;
    }
    return 0;
  }

  // piano recital; driving test: up to the word that names an occasion
  std::size_t occasion() const {
    if (is_a(lower(at_), word_class::pronoun) || is_a(lower(at_), word_class::clause_word)) return 0;
    std::size_t best = 0;
    for (std::size_t i = at_; i < at_ + 5 && !ends(i) && !is_time(i); ++i) {
      if (is_a(lower(i), word_class::occasion)) best = i + 1 - at_;
    }
    return best;
  }

  std::size_t date() const {
    const auto time = time_at(said_, at_, spoken_.said_at, spoken_.utc_offset);
    return time ? time->end - at_ : 0;
  }

  const std::vector<token>& tokens_;
  const statement& said_;
  const utterance& spoken_;
  std::size_t at_;
};

} // namespace

std::size_t capture_length(std::string_view type, const statement& said, const utterance& spoken,
                           std::size_t at) {
  return capture(said, spoken, at).of(type);
}

} // namespace reverie::actors::bond
