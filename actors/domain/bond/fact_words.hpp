#pragma once

#include <string_view>

namespace reverie::actors::bond {

/// The classes of English words that fact rules ask for. Words are in lower case.
enum class word_class : unsigned char {
  kin,          ///< mother, sister, wife, friend, …
  kin_detail,   ///< older, little, best, …: which of several
  pet,          ///< dog, kitten, labrador, …
  profession,   ///< the last word of what somebody is by profession
  feeling,      ///< what `I'm …` says of a moment; never a name
  nationality,  ///< German, Portuguese, …
  health,       ///< asthma, diabetic, vegan, …: lasting
  occasion,     ///< exam, interview, wedding, …: what one has on a day
  calendar,     ///< names of days and months
  determiner,   ///< a, the, my, some, …
  pronoun,      ///< it, you, this, somebody, …
  clause_word,  ///< because, when, who, and so on: a noun phrase ends before it
  adverb,       ///< really, also, still, …: may stand between `I` and the verb
  lead_in,      ///< well, actually, because, …: a statement may begin after it
  hypothetical, ///< if, imagine, says, …: what follows it is not stated
  common_place, ///< town, village, farm, …: one can live there
  not_a_place   ///< fear, peace, the past, …: `I live in …` is meant otherwise
};

/// Whether a word is of a class; a plural `s` is not taken off.
bool is_a(std::string_view word, word_class kind) noexcept;

/// One word for those that mean the same relative or animal: mum and mom are `mother`, puppy and beagle are
/// `dog`.
std::string_view canonical_subject(std::string_view word) noexcept;

} // namespace reverie::actors::bond
