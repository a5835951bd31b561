// The user's people: family, friends, and what is said of them.
#include "actors/domain/bond/fact_building.hpp"

#include <array>

namespace reverie::actors::bond {
namespace {

using enum fact_attribute;

// "User's sister Ana", or "User's sister" where no name was said; the subject likewise.
struct person {
  std::string subject;
  std::string phrase;
};

person person_of(const pattern_match& match) {
  const std::string name_said = match.text("v");
  person who{kin_subject(match), "User's " + kin_phrase(match)};
  if (!name_said.empty()) {
    who.subject += ' ' + name_said;
    who.phrase += ' ' + name_said;
  }
  return who;
}

void kin_named(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("v");
  auto& fact = add_fact(facts, family, kin_subject(match), value,
                        "User's " + kin_phrase(match) + " is named " + value);
  fact.exclusive = corrects(match);
}

// A name right behind: "my sister Ana". Weaker, as "my mother God bless her" looks alike.
void kin_apposed(const pattern_match& match, found_facts& facts) {
  kin_named(match, facts);
  facts.back().confidence = 0.8;
}

void kin_lives(const pattern_match& match, found_facts& facts) {
  const person who = person_of(match);
  const std::string place = match.text("p");
  auto& fact = add_fact(facts, home, who.subject, place, who.phrase + " lives in " + place);
  fact.exclusive = true;
  if (const auto from = past_moment(match); from && *from <= match.spoken->said_at) fact.valid_from = from;
}

void kin_works_as(const pattern_match& match, found_facts& facts) {
  const person who = person_of(match);
  const std::string job = match.text("j");
  const std::string before = match.said->tokens[match.part("j")->begin - 1].lower;
  const std::string article = before == "a" || before == "an" ? before + ' ' : std::string{};
  add_fact(facts, work, who.subject, job, who.phrase + " is " + article + job).exclusive = true;
}

void kin_works_at(const pattern_match& match, found_facts& facts) {
  const person who = person_of(match);
  const std::string place = match.text("o");
  add_fact(facts, work, who.subject, place, who.phrase + " works at " + place);
}

void kin_aged(const pattern_match& match, found_facts& facts) {
  const auto years = number_of(match.lower("n"));
  if (!years || *years > 120) return;
  const person who = person_of(match);
  add_fact(facts, age, who.subject, std::to_string(*years),
           who.phrase + " is " + std::to_string(*years) + " years old")
      .exclusive = true;
}

void kin_died(const pattern_match& match, found_facts& facts) {
  const person who = person_of(match);
  auto& fact = add_fact(facts, family, who.subject, "passed away", who.phrase + " has died");
  fact.valid_from = past_moment(match);
}

void kin_birthday(const pattern_match& match, found_facts& facts) {
  const auto when = match.part("d");
  std::size_t begin = when->begin;
  if (match.said->tokens[begin].lower == "on" || match.said->tokens[begin].lower == "in") ++begin;
  const std::string day = match.said->spelling(begin, when->end);
  add_fact(facts, date, kin_subject(match) + " birthday", day,
           "User's " + kin_phrase(match) + "'s birthday is " + day)
      .exclusive = true;
}

void has_kin(const pattern_match& match, found_facts& facts) {
  const std::string kin = match.lower("kin");
  if (kin == "friend" || kin == "boss" || kin == "baby") return;
  add_fact(facts, family, kin_subject(match), kin_phrase(match), "User has a " + kin_phrase(match));
}

void has_many(const pattern_match& match, found_facts& facts) {
  const std::string count = match.lower("n");
  const std::string kin = match.lower("k");
  const bool animals = kin == "pets" || kin == "cats" || kin == "dogs";
  add_fact(facts, animals ? pet : family, kin == "kids" ? "children" : kin, count + ' ' + kin,
           "User has " + count + ' ' + kin)
      .exclusive = true;
}

void has_none(const pattern_match& match, found_facts& facts) {
  const std::string kin = match.lower("k");
  const bool animals = kin == "pets" || kin == "cats" || kin == "dogs";
  add_fact(facts, animals ? pet : family, kin == "kids" ? "children" : kin, "no " + kin, "User has no " + kin)
      .exclusive = true;
}

void only_child(const pattern_match&, found_facts& facts) {
  add_fact(facts, family, "siblings", "only child", "User is an only child").exclusive = true;
}

void marital(const pattern_match& match, found_facts& facts) {
  std::string status = match.lower("s");
  if (status == "together") status = "in a relationship";
  add_fact(facts, family, "relationship", status, "User is " + status).exclusive = true;
}

void married_to(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("v");
  add_fact(facts, family, "partner", value, "User is married to " + value);
  add_fact(facts, family, "relationship", "married", "User is married").exclusive = true;
}

void parted(const pattern_match& match, found_facts& facts) {
  const std::string kin = match.lower("kin");
  add_end(facts, family, kin_subject(match), "", "User is no longer together with their " + kin).valid_from =
      past_moment(match);
}

// "I have a sister. Her name is Ana.": the one last mentioned, unless she has a name.
void pronoun_named(const pattern_match& match, found_facts& facts) {
  if (facts.empty()) return;
  const extracted_fact before = facts.back();
  const std::string value = match.text("v");
  const bool unnamed_pet = before.attribute == pet && before.value == before.subject;
  const bool unnamed_kin =
      before.attribute == family && !before.exclusive && before.value.ends_with(before.subject);
  if (unnamed_pet || unnamed_kin)
    add_fact(facts, before.attribute, before.subject, value,
             "User's " + before.subject + " is named " + value);
}

constexpr std::array people_table{
    fact_rule{"family.named", "my @kin_detail? @kin 's|is @adverb* named|called <v:name>", kin_named},
    fact_rule{"family.name_is", "my @kin_detail? @kin 's|s? name 's|is @adverb* <v:name>", kin_named},
    fact_rule{"family.name_of", "the name of my @kin_detail? @kin is <v:name>", kin_named},
    fact_rule{"family.have_named", "i|we have|got a|an|one @kin_detail? @kin named|called <v:name>",
              kin_named},
    fact_rule{"family.apposed", "my @kin_detail? @kin <v:apposed>", kin_apposed},
    fact_rule{"family.apposed_commas", "my @kin_detail? @kin , <v:apposed> ,", kin_apposed},
    fact_rule{"family.is_name", "my @kin_detail? @kin is <v:strict_name>", kin_apposed},
    fact_rule{"family.lives", "my @kin_detail? @kin ,? <v:apposed>? ,? @adverb* lives|live in|near <p:place>",
              kin_lives},
    fact_rule{"family.moved", "my @kin_detail? @kin ,? <v:apposed>? ,? @adverb* moved to <p:place>",
              kin_lives},
    fact_rule{"family.job",
              "my @kin_detail? @kin ,? <v:apposed>? ,? is|'s|works @adverb* as? a|an|the <j:job>",
              kin_works_as},
    fact_rule{"family.works_at", "my @kin_detail? @kin ,? <v:apposed>? ,? @adverb* works at|for <o:org>",
              kin_works_at},
    fact_rule{
        "family.age",
        "my @kin_detail? @kin ,? <v:apposed>? ,? is|'s|turned @adverb* <n:number> years|yrs|months? old? $",
        kin_aged},
    fact_rule{"family.died", "my @kin_detail? @kin <v:apposed>? @adverb* died", kin_died},
    fact_rule{"family.passed", "my @kin_detail? @kin <v:apposed>? @adverb* passed away", kin_died},
    fact_rule{"family.birthday", "my @kin_detail? @kin 's|s birthday 's|is @adverb* <d:date>", kin_birthday},
    fact_rule{"family.has", "i|we have|got a|an|one @kin_detail? @kin", has_kin},
    fact_rule{"family.has_many", "i|we have <n:number> @kin_detail? <k:relatives>", has_many},
    fact_rule{"family.has_none", "i|we have no <k:relatives>", has_none},
    fact_rule{"family.do_not_have", "i|we do not have any|no? <k:relatives>", has_none},
    fact_rule{"family.only_child", "i am an only child", only_child},
    fact_rule{"family.married_to", "i am|got @adverb* married|engaged to <v:strict_name>", married_to},
    fact_rule{"family.relationship", "i|we am|are|got @adverb* <s:relationship> $", marital},
    fact_rule{"family.parted", "i|we broke|split|have up with my @kin_detail? @kin", parted}};

constexpr std::array pronoun_rules{
    fact_rule{"pronoun.name_is", "his|her|its|their name 's|is <v:name>", pronoun_named},
    fact_rule{"pronoun.called", "he|she|it 's|is called|named <v:name>", pronoun_named}};

} // namespace

std::span<const fact_rule> people_rules() {
  return people_table;
}
std::span<const fact_rule> pronoun_name_rules() {
  return pronoun_rules;
}

} // namespace reverie::actors::bond
