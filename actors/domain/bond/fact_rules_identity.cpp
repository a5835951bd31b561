// Who the user is and where: name, age, home.
#include "actors/domain/bond/fact_building.hpp"

#include <array>

namespace reverie::actors::bond {
namespace {

using enum fact_attribute;

void add_name(found_facts& facts, std::string value, double confidence) {
  auto& fact = add_fact(facts, name, "user", value, "User's name is " + value);
  fact.exclusive = true;
  fact.confidence = confidence;
}

void is_named(const pattern_match& match, found_facts& facts) {
  add_name(facts, match.text("v"), 0.95);
}
void introduces(const pattern_match& match, found_facts& facts) {
  add_name(facts, match.text("v"), 0.8);
}

void nicknamed(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("v");
  auto& fact = add_fact(facts, name, "nickname", value, "User wants to be called " + value);
  fact.exclusive = true;
}

void not_nicknamed(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("v");
  add_end(facts, name, "nickname", value, "User does not want to be called " + value);
}

void not_named(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("v");
  add_end(facts, name, "user", value, "User's name is not " + value);
  if (match.part("w")) add_name(facts, match.text("w"), 0.9);
}

void aged(const pattern_match& match, found_facts& facts, int least, double confidence) {
  const auto years = number_of(match.lower("n"));
  if (!years || *years < least || *years > 120) return;
  if (match.end < match.said->tokens.size() && match.said->tokens[match.end].lower == "%") return;
  auto& fact = add_fact(facts, age, "user", std::to_string(*years),
                        "User is " + std::to_string(*years) + " years old");
  fact.exclusive = true;
  fact.confidence = confidence;
}
void aged_in_years(const pattern_match& match, found_facts& facts) {
  aged(match, facts, 1, 0.95);
}
void aged_barely(const pattern_match& match, found_facts& facts) {
  aged(match, facts, 10, 0.75);
}
void turned(const pattern_match& match, found_facts& facts) {
  aged(match, facts, 5, 0.9);
  if (!facts.empty() && facts.back().attribute == age) facts.back().valid_from = past_moment(match);
}

void add_home(const pattern_match& match, found_facts& facts, bool may_be_future) {
  const auto time = match.time();
  const auto from = past_moment(match);
  if (may_be_future && time && time->from > match.spoken->said_at && !time->relative) return;
  const std::string value = match.text("v");
  auto& fact = add_fact(facts, home, "user", value, "User lives in " + value);
  if (from && *from <= match.spoken->said_at && time) {
    named_time since = *time;
    since.from = *from;
    fact.sentence += " (since " + written_time(since, match.spoken->utc_offset) + ")";
    fact.valid_from = from;
  }
  fact.exclusive = true;
}
void lives(const pattern_match& match, found_facts& facts) {
  add_home(match, facts, false);
}
void moved(const pattern_match& match, found_facts& facts) {
  add_home(match, facts, true);
}

void left_home(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("v");
  add_end(facts, home, "user", value,
          value.empty() ? "User no longer lives there" : "User no longer lives in " + value)
      .valid_from = past_moment(match);
}

void add_origin(const pattern_match& match, found_facts& facts, std::string subject, std::string_view words) {
  const std::string value = match.text("v");
  add_fact(facts, home, std::move(subject), value, std::string{words} + value).exclusive = true;
}
void comes_from(const pattern_match& match, found_facts& facts) {
  add_origin(match, facts, "origin", "User is from ");
}
void born_in(const pattern_match& match, found_facts& facts) {
  add_origin(match, facts, "birthplace", "User was born in ");
}
void grew_up_in(const pattern_match& match, found_facts& facts) {
  add_origin(match, facts, "childhood", "User grew up in ");
}
void not_from(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("v");
  add_end(facts, home, "origin", value, "User is not from " + value);
}

void national(const pattern_match& match, found_facts& facts) {
  const auto at = match.part("nationality");
  if (!at || !match.said->tokens[at->begin].capital) return; // "I'm polish(ing)" and other small words
  const std::string value = match.text("nationality");
  add_fact(facts, home, "nationality", value, "User is " + value).confidence = 0.8;
}

constexpr std::array identity_table{
    fact_rule{"name.is", "my real|full|first|given|actual|new? name 's|is|be @adverb* <v:name>", is_named},
    fact_rule{"name.the", "the name 's|is <v:strict_name>", introduces},
    fact_rule{"name.i_am", "i am @adverb* <v:strict_name>", introduces},
    fact_rule{"name.called", "i am @adverb* called|named <v:name>", is_named},
    fact_rule{"name.not", "my name 's|is|was not <v:name> ,? but? it|its? 's|is? <w:name>?", not_named},
    fact_rule{"name.am_not", "i am not <v:strict_name>", not_named},
    fact_rule{"name.changed", "i have? @adverb* changed my name to <v:name>", is_named},
    fact_rule{"name.call_me", "you? can|could|may|should? just|please|always|simply? call me <v:name>",
              nicknamed},
    fact_rule{"name.go_by", "i @adverb* go by <v:name>", nicknamed},
    fact_rule{"name.friends_call",
              "my|all|most? everyone|everybody|people|friends calls|call me <v:strict_name>", nicknamed},
    fact_rule{"name.do_not_call", "do|please? not|stop call|calling me <v:name>", not_nicknamed},
    fact_rule{"age.years_old", "i am @adverb* <n:number> years|year|yrs|yr|yo|y/o of|old", aged_in_years},
    fact_rule{"age.is", "my age is <n:number> $", aged_in_years},
    fact_rule{"age.i_am", "i am @adverb* <n:number> $", aged_barely},
    fact_rule{"age.apposed", "i am <v:strict_name> , <n:number> $", aged_barely},
    fact_rule{"age.turned", "i have? @adverb* turned <n:number>", turned},
    fact_rule{"home.lives", "i|we @adverb* live|reside in|at|near <v:place>", lives},
    fact_rule{"home.living", "i|we am|are @adverb* living|based|located in|at|near <v:place>", lives},
    fact_rule{"home.have_lived", "i|we have @adverb* been? lived|living in <v:place>", lives},
    fact_rule{"home.moved", "i|we have? @adverb* moved|relocated back|here|away? to|into <v:place>", moved},
    fact_rule{"home.moved_from", "i|we have? @adverb* moved|relocated from <x:place> to <v:place>", moved},
    fact_rule{"home.is_in", "my|our home 's|is @adverb* in <v:place>", lives},
    fact_rule{"home.not_living", "i|we do|am|are not live|living in|at? <v:place>", left_home},
    fact_rule{"home.not_there", "i|we do not live there any|anymore more?", left_home},
    fact_rule{"home.no_longer", "i|we no longer live in|at? there? <v:place>?", left_home},
    fact_rule{"home.used_to", "i|we used to live in|at <v:place>", left_home},
    fact_rule{"home.moved_out", "i|we have? @adverb* moved away|out from|of <v:place>", left_home},
    fact_rule{"home.origin", "i am|come @adverb* originally? from <v:place>", comes_from},
    fact_rule{"home.origin_apposed", "i am <w:strict_name> ,? from <v:place>", comes_from},
    fact_rule{"home.birthplace", "i was born in <v:place>", born_in},
    fact_rule{"home.childhood", "i grew up in <v:place>", grew_up_in},
    fact_rule{"home.not_from", "i am|do not come? from <v:place>", not_from},
    fact_rule{"home.nationality", "i am @adverb* half? @nationality $", national}};

} // namespace

std::span<const fact_rule> identity_rules() {
  return identity_table;
}

} // namespace reverie::actors::bond
