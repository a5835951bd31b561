#pragma once

#include "actors/domain/bond/utterance_tokens.hpp"
#include "events/model/time.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reverie::actors::bond {

/// Name and version of these rules, recorded with each fact they find. Changes whenever they could find
/// something else.
inline constexpr std::string_view fact_rules_version = "english-rules-1";

/// What a fact is about. The names (`attribute_name`) are those in events.
enum class fact_attribute : unsigned char {
  name,
  age,
  home,
  work,
  like,
  dislike,
  family,
  pet,
  date,
  plan,
  health
};

std::string_view attribute_name(fact_attribute attribute) noexcept;
std::optional<fact_attribute> attribute_of(std::string_view name) noexcept;

/// Whether an utterance says that something is so, or that it is so no longer.
enum class fact_change : unsigned char { holds, ended };

/// One message of the user.
struct utterance {
  std::string_view text;
  events::timestamp said_at{};
  std::span<const text_span> skipped{}; ///< recalled text that stands in it: never extracted again
  std::chrono::minutes utc_offset{0};   ///< of the speaker's clock, for days like "tomorrow"
};

/// What one sentence tells about the user. (attribute, subject) is the key under which a newer fact can
/// replace an older.
struct extracted_fact {
  fact_attribute attribute{};
  std::string subject;  ///< `user`, or whose it is: `dog`, `sister`, `sister Ana`; of the user also
                        ///< `nickname`, `employer`, `origin`, …
  std::string value;    ///< in the user's spelling; empty with `ended`: whatever held
  std::string sentence; ///< in the third person: "User's dog is named Bruno"
  fact_change change = fact_change::holds;
  std::optional<events::timestamp> valid_from; ///< world time, when it was said; of `ended` the time it ended
  double confidence = 0.9;                     ///< in (0, 1]
  bool exclusive = false;                      ///< only one value at a time: a new one closes the older
  std::string_view rule;                       ///< stable code of the rule that found it
  text_span source;                            ///< in the utterance

  friend bool operator==(const extracted_fact&, const extracted_fact&) = default;
};

/// The facts an utterance of the user states about themselves, their people and animals, in the order they
/// were said. English rules, made for precision: questions, conditions, quotations and hearsay give nothing.
/// Other languages give nothing. Never call it with what a character said. Any bytes are accepted. Pure;
/// linear in the length of the text.
std::vector<extracted_fact> facts_in(const utterance& said);

/// A fact that is held, as `closes` needs it.
struct held_fact {
  std::string_view attribute;
  std::string_view subject;
  std::string_view value;
};

/// Whether the newly said ends the validity of a held fact: another value of what has one at a time, the end
/// of it
/// ("I don't work there any more"), its opposite (a like of what is now disliked), or a name for what had
/// none. Pure.
bool closes(const extracted_fact& newer, const held_fact& held);

/// Whether the newly said is what is held already, so that nothing is to be learned.
bool restates(const extracted_fact& newer, const held_fact& held);

} // namespace reverie::actors::bond
