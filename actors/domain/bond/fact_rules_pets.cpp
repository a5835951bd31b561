// The user's animals.
#include "actors/domain/bond/fact_building.hpp"

#include <array>

namespace reverie::actors::bond {
namespace {

using enum fact_attribute;

std::string pet_subject(const pattern_match& match) {
  return std::string{canonical_subject(match.lower("pet"))};
}

void pet_named(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("v");
  auto& fact =
      add_fact(facts, pet, pet_subject(match), value, "User's " + match.lower("pet") + " is named " + value);
  fact.exclusive = corrects(match);
}

void pet_apposed(const pattern_match& match, found_facts& facts) {
  pet_named(match, facts);
  facts.back().confidence = 0.85;
}

void two_named(const pattern_match& match, found_facts& facts) {
  const std::string subject = pet_subject(match);
  for (const std::string_view part : {"v", "w"}) {
    const std::string value = match.text(part);
    add_fact(facts, pet, subject, value, "User's " + subject + " is named " + value);
  }
}

void pet_not_named(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("v");
  const std::string subject = pet_subject(match);
  add_end(facts, pet, subject, value, "User's " + subject + " is not named " + value);
  if (match.part("w"))
    add_fact(facts, pet, subject, match.text("w"), "User's " + subject + " is named " + match.text("w"));
}

void pet_renamed(const pattern_match& match, found_facts& facts) {
  pet_named(match, facts);
  facts.back().exclusive = true;
}

void has_pet(const pattern_match& match, found_facts& facts) {
  const std::string kind = match.lower("pet");
  const std::string subject = pet_subject(match);
  const auto at = match.part("pet")->begin;
  for (std::size_t i = match.begin; i < at; ++i) {
    const std::string_view word = match.said->tokens[i].lower;
    for (const std::string_view no_animal : {"hot", "stuffed", "toy", "plush", "robot", "imaginary",
                                             "computer", "gaming", "wireless", "fried", "grilled"}) {
      if (word == no_animal) return;
    }
    const bool acquired = word == "got" || word == "bought";
    if (acquired && (kind == "fish" || kind == "chicken" || kind == "duck" || kind == "mouse" ||
                     kind == "hen" || kind == "pig"))
      return; // food, or a device
  }
  const std::string article = std::string_view{"aeiou"}.contains(kind.front()) ? "an " : "a ";
  add_fact(facts, pet, subject, subject, "User has " + article + kind).valid_from = past_moment(match);
}

void pet_died(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("v");
  add_end(facts, pet, pet_subject(match), value,
          "User's " + match.lower("pet") + (value.empty() ? "" : ' ' + value) + " has died")
      .valid_from = past_moment(match);
  if (value.empty()) return;
  auto& fact = add_fact(facts, pet, pet_subject(match) + ' ' + value, "passed away", facts.back().sentence);
  fact.valid_from = past_moment(match);
}

// "… and a cat called Mia": an enumeration that began with "I have".
bool goes_on_having(const pattern_match& match) {
  const auto& tokens = match.said->tokens;
  for (std::size_t i = 0; i + 1 < match.begin; ++i) {
    if (tokens[i].lower != "i" && tokens[i].lower != "we") continue;
    for (std::size_t k = i + 1; k <= i + 2 && k < match.begin; ++k) {
      if (tokens[k].lower == "have" || tokens[k].lower == "own" || tokens[k].lower == "adopted") return true;
    }
  }
  return false;
}

void another_named(const pattern_match& match, found_facts& facts) {
  if (goes_on_having(match)) pet_named(match, facts);
}
void another(const pattern_match& match, found_facts& facts) {
  if (goes_on_having(match)) has_pet(match, facts);
}

void has_no_pet(const pattern_match& match, found_facts& facts) {
  add_end(facts, pet, pet_subject(match), "", "User has no " + match.lower("pet"));
}

void pet_aged(const pattern_match& match, found_facts& facts) {
  const auto years = number_of(match.lower("n"));
  if (!years || *years > 100) return;
  add_fact(facts, age, pet_subject(match), std::to_string(*years),
           "User's " + match.lower("pet") + " is " + std::to_string(*years) + " years old")
      .exclusive = true;
}

constexpr std::array pets_table{
    fact_rule{"pet.named", "my|our _? @pet 's|is|was @adverb* named|called <v:name>", pet_named},
    fact_rule{"pet.name_is", "my|our _? @pet 's|s? name 's|is @adverb* <v:name>", pet_named},
    fact_rule{"pet.name_of", "the name of my|our _? @pet is <v:name>", pet_named},
    fact_rule{"pet.named_it", "i|we @adverb* named|called my|our|the new? @pet <v:strict_name>", pet_named},
    fact_rule{"pet.have_named",
              "i|we have|got|adopted|own also? got|adopted|bought|just? a|an|one|the|this _? _? @pet ,? "
              "named|called <v:name>",
              pet_named},
    fact_rule{"pet.have_name_is",
              "i|we have|got|adopted|own a|an|one _? _? @pet ,? and? his|her|its name 's|is <v:name>",
              pet_named},
    fact_rule{"pet.have_apposed", "i|we have|got|adopted a|an _? _? @pet , <v:apposed> $", pet_apposed},
    fact_rule{"pet.apposed", "my|our @pet <v:apposed>", pet_apposed},
    fact_rule{"pet.apposed_commas", "my|our @pet , <v:apposed> ,", pet_apposed},
    fact_rule{"pet.is_name", "my|our @pet is <v:strict_name>", pet_apposed},
    fact_rule{"pet.breed_named", "my|our @pet is|'s a|an _? @pet named|called <v:name>", pet_named},
    fact_rule{"pet.two", "i|we have|got|adopted two|2 _? @pet ,|: <v:apposed> and <w:apposed>", two_named},
    fact_rule{"pet.two_named",
              "i|we have|got|adopted two|2 _? @pet ,? named|called <v:apposed> and <w:apposed>", two_named},
    fact_rule{"pet.both_named", "my|our two? @pet are named|called <v:apposed> and <w:apposed>", two_named},
    fact_rule{"pet.not_named",
              "my|our @pet 's|is name? is? not named|called? <v:name> ,? but? it|its? 's|is? <w:name>?",
              pet_not_named},
    fact_rule{"pet.renamed", "i|we have? @adverb* renamed my|our|the @pet to? <v:strict_name>", pet_renamed},
    fact_rule{"pet.has", "i|we have? @adverb* have|got|adopted|own|bought a|an|one _? _? @pet $", has_pet},
    fact_rule{"pet.another_named", "and|, a|an|one _? _? @pet named|called <v:name>", another_named},
    fact_rule{"pet.another", "and|, a|an|one _? _? @pet $", another},
    fact_rule{"pet.age", "my|our @pet <v:apposed>? is|'s @adverb* <n:number> years|yrs? old? $", pet_aged},
    fact_rule{"pet.died", "my|our _? @pet ,? <v:apposed>? ,? @adverb* died", pet_died},
    fact_rule{"pet.passed", "my|our _? @pet ,? <v:apposed>? ,? @adverb* passed away", pet_died},
    fact_rule{"pet.none", "i|we do not have a|my|our|any|the @pet", has_no_pet},
    fact_rule{"pet.no_longer", "i|we no longer have a|my|our|any|the @pet", has_no_pet}};

} // namespace

std::span<const fact_rule> pet_rules() {
  return pets_table;
}

} // namespace reverie::actors::bond
