#pragma once

#include "actors/domain/bond/fact_patterns.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace reverie::actors::bond {

/// What a rule found, before the driver adds rule and place.
using found_facts = std::vector<extracted_fact>;

/// `my parents` as the third person says it: `their parents`.
std::string in_third_person(std::string_view phrase);

/// Adds a fact that holds; the caller sets what differs from the usual. The sentence is put into the third
/// person.
extracted_fact& add_fact(found_facts& facts, fact_attribute attribute, std::string subject, std::string value,
                         std::string_view sentence);

/// Adds the end of a fact; an empty value ends whatever held.
extracted_fact& add_end(found_facts& facts, fact_attribute attribute, std::string subject, std::string value,
                        std::string_view sentence);

/// The moment a past statement names ("moved in June"): the last one, where the expression alone would mean
/// the next.
std::optional<events::timestamp> past_moment(const pattern_match& match);

/// The day, month or year of a named time as one writes it: `27 November 2026`, `2020`.
std::string written_time(const named_time& time, std::chrono::minutes utc_offset);

/// The subject of a match with `@kin_detail? @kin`, canonical: `older brother`, `mother`; and as the user
/// says it.
std::string kin_subject(const pattern_match& match);
std::string kin_phrase(const pattern_match& match);

/// Whether the statement corrects an earlier one ("actually", "no", "not", "now") before the match ends.
bool corrects(const pattern_match& match);

/// The things of an enumeration that begins with a part of a match: `cats, dogs and old trains`.
std::vector<std::string> enumerated(const pattern_match& match, std::string_view part);

} // namespace reverie::actors::bond
