// What the user likes and dislikes, and what concerns their health.
#include "actors/domain/bond/fact_building.hpp"

#include <array>

namespace reverie::actors::bond {
namespace {

using enum fact_attribute;

void add_tastes(const pattern_match& match, found_facts& facts, fact_attribute attribute,
                std::string_view words) {
  for (const std::string& thing : enumerated(match, "v"))
    add_fact(facts, attribute, "user", thing, std::string{words} + thing);
}

void likes(const pattern_match& match, found_facts& facts) {
  add_tastes(match, facts, like, "User likes ");
}
void loves(const pattern_match& match, found_facts& facts) {
  add_tastes(match, facts, like, "User loves ");
}
void is_into(const pattern_match& match, found_facts& facts) {
  add_tastes(match, facts, like, "User is into ");
}
void is_fan(const pattern_match& match, found_facts& facts) {
  add_tastes(match, facts, like, "User is a fan of ");
}
void dislikes(const pattern_match& match, found_facts& facts) {
  add_tastes(match, facts, dislike, "User dislikes ");
}
void hates(const pattern_match& match, found_facts& facts) {
  add_tastes(match, facts, dislike, "User hates ");
}

void likes_no_more(const pattern_match& match, found_facts& facts) {
  for (const std::string& thing : enumerated(match, "v"))
    add_end(facts, like, "user", thing, "User no longer likes " + thing);
}

void minds_no_more(const pattern_match& match, found_facts& facts) {
  for (const std::string& thing : enumerated(match, "v"))
    add_end(facts, dislike, "user", thing, "User does not hate " + thing);
}

void favourite(const pattern_match& match, found_facts& facts) {
  const std::string kind = match.lower("c");
  const std::string value = match.text("v");
  if (kind == "thing" || kind == "part") return;
  add_fact(facts, like, "favourite " + kind, value,
           "User's favourite " + kind + (kind.ends_with('s') ? " are " : " is ") + value)
      .exclusive = true;
}

void favourite_reversed(const pattern_match& match, found_facts& facts) {
  const std::string kind = match.lower("c");
  const std::string value = match.text("v");
  add_fact(facts, like, "favourite " + kind, value, "User's favourite " + kind + " is " + value).exclusive =
      true;
}

void allergic(const pattern_match& match, found_facts& facts) {
  for (const std::string& thing : enumerated(match, "v"))
    add_fact(facts, health, "allergy", thing, "User is allergic to " + thing);
}

void has_allergy(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("v");
  add_fact(facts, health, "allergy", value, "User has a " + value + " allergy");
}

void not_allergic(const pattern_match& match, found_facts& facts) {
  for (const std::string& thing : enumerated(match, "v"))
    add_end(facts, health, "allergy", thing, "User is not allergic to " + thing);
}

void is_in_health(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("health");
  add_fact(facts, health, "user", value, "User is " + value);
}

void has_condition(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("health");
  auto& fact = add_fact(facts, health, "user", value, "User has " + value);
  if (const auto from = past_moment(match); from && *from <= match.spoken->said_at) fact.valid_from = from;
}

void no_condition(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("health");
  add_end(facts, health, "user", value, "User is not " + value + " any more");
}

void does_not_eat(const pattern_match& match, found_facts& facts) {
  for (const std::string& thing : enumerated(match, "v"))
    add_fact(facts, health, "diet", "no " + thing, "User does not eat or drink " + thing);
}

constexpr std::array taste_table{
    fact_rule{"like.like", "i do? @adverb* like|enjoy|prefer <v:thing>", likes},
    fact_rule{"like.love", "i do? @adverb* love|adore <v:thing>", loves},
    fact_rule{"like.into", "i am @adverb* into <v:thing>", is_into},
    fact_rule{"like.keen", "i am @adverb* fond|keen of|on <v:thing>", likes},
    fact_rule{"like.mad", "i am @adverb* obsessed|crazy|passionate with|about <v:thing>", loves},
    fact_rule{"like.fan",
              "i am @adverb* a|an @adverb* big|huge|massive|great|lifelong? fan|lover of <v:thing>", is_fan},
    fact_rule{"like.favourite", "my @adverb* favourite|favorite <c:kind> 's|is|are @adverb* <v:thing>",
              favourite},
    fact_rule{"like.favourite_reversed", "<v:apposed> is my @adverb* favourite|favorite <c:kind> $",
              favourite_reversed},
    fact_rule{"like.used_to", "i used to like|love|enjoy|adore <v:thing>", likes_no_more},
    fact_rule{"dislike.hate", "i @adverb* hate|detest|loathe|despise <v:thing>", hates},
    fact_rule{"dislike.dislike", "i @adverb* dislike <v:thing>", dislikes},
    fact_rule{"dislike.not_like", "i do not @adverb* like|enjoy|love <v:thing>", dislikes},
    fact_rule{"dislike.never", "i have? never @adverb* liked|enjoyed|loved <v:thing>", dislikes},
    fact_rule{"dislike.cannot_stand", "i can not stand|bear|tolerate <v:thing>", hates},
    fact_rule{"dislike.no_fan", "i am not @adverb* a|an? big|huge|great|much? fan of <v:thing>", dislikes},
    fact_rule{"dislike.not_into", "i am not @adverb* into <v:thing>", dislikes},
    fact_rule{"like.no_longer", "i no longer like|love|enjoy <v:thing>", likes_no_more},
    fact_rule{"dislike.not_hate", "i do not @adverb* hate|dislike <v:thing>", minds_no_more},
    fact_rule{"health.allergic", "i am @adverb* allergic to <v:thing>", allergic},
    fact_rule{"health.allergy", "i have a|an @adverb* <v:allergen> allergy", has_allergy},
    fact_rule{"health.allergy_to", "i have a|an @adverb* bad|severe|strong? allergy to <v:thing>", allergic},
    fact_rule{"health.not_allergic", "i am not|no longer? @adverb* allergic to <v:thing>", not_allergic},
    fact_rule{"health.is", "i am @adverb* a|an? @health $", is_in_health},
    fact_rule{"health.has",
              "i @adverb* have|suffer|got from? @adverb* chronic|severe|mild|bad|terrible? @health",
              has_condition},
    fact_rule{"health.diagnosed", "i was|got|have @adverb* been? diagnosed with @health", has_condition},
    fact_rule{"health.no_longer", "i am no longer a|an? @health $", no_condition},
    fact_rule{"health.not", "i am not a|an? @health", no_condition},
    fact_rule{"diet.not_eat", "i do|can not @adverb* <w:consume> <v:thing>", does_not_eat}};

} // namespace

std::span<const fact_rule> taste_rules() {
  return taste_table;
}

} // namespace reverie::actors::bond
