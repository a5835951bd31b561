// What has a day: birthdays, appointments, plans.
#include "actors/domain/bond/fact_building.hpp"

#include <array>

namespace reverie::actors::bond {
namespace {

using enum fact_attribute;

// The spelling of a date without the preposition before it.
std::string day_written(const pattern_match& match, std::string_view part) {
  const auto when = match.part(part);
  std::size_t begin = when->begin;
  const std::string_view first = match.said->tokens[begin].lower;
  if (first == "on" || first == "in" || first == "at") ++begin;
  return match.said->spelling(begin, when->end);
}

void birthday(const pattern_match& match, found_facts& facts) {
  const std::string day = day_written(match, "d");
  const auto when =
      time_at(*match.said, match.part("d")->begin, match.spoken->said_at, match.spoken->utc_offset);
  auto& fact = add_fact(facts, date, "birthday", day, "User's birthday is " + day);
  const bool spoken_day = day.find_first_of("0123456789") == std::string::npos;
  if (when && spoken_day && when->relative)
    fact.sentence += " (" + written_time(*when, match.spoken->utc_offset) + ")";
  fact.exclusive = true;
}

void born_on(const pattern_match& match, found_facts& facts) {
  const auto when =
      time_at(*match.said, match.part("d")->begin, match.spoken->said_at, match.spoken->utc_offset);
  const std::string day = day_written(match, "d");
  const bool year = when && when->whole_period;
  auto& fact = add_fact(facts, date, year ? "birth year" : "birthday", day,
                        "User was born " + std::string{year ? "in " : "on "} + day);
  fact.exclusive = true;
}

void anniversary(const pattern_match& match, found_facts& facts) {
  const std::string day = day_written(match, "d");
  add_fact(facts, date, "anniversary", day, "User's anniversary is " + day).exclusive = true;
}

// The plan's words, the time they name, and the day it falls on; nothing for what lies behind.
void add_plan(const pattern_match& match, found_facts& facts, std::string value, const std::string& sentence,
              bool needs_time = true) {
  const auto when = match.time();
  if (value.starts_with("got ") || value.contains(" you ") || value.ends_with(" you")) return;
  if (value.empty() || (needs_time && !when)) return;
  const auto today = std::chrono::floor<std::chrono::days>(match.spoken->said_at + match.spoken->utc_offset) -
                     match.spoken->utc_offset;
  if (when && (when->relation == time_relation::since || (when->from < today && !when->whole_period) ||
               when->from + std::chrono::days{366} < today))
    return;
  std::string whole = sentence;
  if (when) {
    std::string named = match.said->spelling(when->begin, when->end);
    const bool small = when->begin == 0 && !is_a(match.said->tokens[0].lower, word_class::calendar);
    if (small && named.front() >= 'A' && named.front() <= 'Z')
      named.front() = static_cast<char>(named.front() - 'A' + 'a');
    whole += ' ' + named;
  }
  auto& fact = add_fact(facts, plan, "user", std::move(value), whole);
  fact.confidence = 0.8;
  if (when) {
    fact.valid_from = when->from;
    if (when->relative) fact.sentence += " (" + written_time(*when, match.spoken->utc_offset) + ")";
  }
}

std::string article_of(const pattern_match& match) {
  const auto value = match.part("v");
  const std::string before = match.said->tokens[value->begin - 1].lower;
  return before == "a" || before == "an" || before == "my" || before == "our" || before == "the"
             ? before + ' '
             : std::string{};
}

void has_occasion(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("v");
  add_plan(match, facts, value, "User has " + article_of(match) + value);
}

void occasion_is(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("v");
  if (value.ends_with("birthday") || value.ends_with("anniversary") || value.ends_with("date"))
    return; // dates of their own
  add_plan(match, facts, value, "User's " + value + " is");
}

void going_to(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("v");
  const auto first = match.said->tokens[match.part("v")->begin].lower;
  if (first == "be" || first == "sleep" || first == "bed" || first == "say" || first == "ask" ||
      first == "tell" || first == "need")
    return;
  const token& start = match.said->tokens[match.part("v")->begin];
  const bool place = start.capital || is_a(start.lower, word_class::determiner);
  add_plan(match, facts, place ? "going to " + value : value, "User is going to " + value);
}

void doing(const pattern_match& match, found_facts& facts) {
  const std::string value = match.lower("g") + (match.part("v") ? ' ' + match.text("v") : "");
  const auto rest = match.part("v");
  if (!rest && match.lower("g") != "graduating" && match.lower("g") != "leaving") return;
  if (!rest || match.said->tokens[rest->begin].lower != "to" || match.lower("g") != "going")
    add_plan(match, facts, value, "User is " + value);
}

void will_do(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("v");
  const std::string first = match.said->tokens[match.part("v")->begin].lower;
  for (const std::string_view vague :
       {"be", "not", "tell", "see", "talk", "call", "come", "text", "try", "let", "check", "get", "do",
        "bring", "never", "have", "probably", "write", "message"}) {
    if (first == vague) return;
  }
  add_plan(match, facts, value, "User will " + value);
}

void planning(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("v");
  if (value.contains(' ')) add_plan(match, facts, value, "User plans to " + value, false);
}

void cancelled(const pattern_match& match, found_facts& facts) {
  const std::string value = match.text("v");
  add_end(facts, plan, "user", value, "User's " + value + " does not take place");
}

constexpr std::array time_table{
    fact_rule{"date.birthday", "my birthday 's|is @adverb* <d:date>", birthday},
    fact_rule{"date.born", "i was born <d:date>", born_on},
    fact_rule{"date.anniversary", "our|my wedding? anniversary 's|is @adverb* <d:date>", anniversary},
    fact_rule{"plan.occasion", "i|we @adverb* have|got a|an|my|our|the|another? <v:occasion_phrase>",
              has_occasion},
    fact_rule{"plan.occasion_is", "my|our <v:occasion_phrase> 's|is @adverb* <d:date>", occasion_is},
    fact_rule{"plan.going_to", "i|we am|are @adverb* going to <v:long>", going_to},
    fact_rule{"plan.doing", "i|we am|are @adverb* <g:plan_verb> <v:long>?", doing},
    fact_rule{"plan.will", "i|we will @adverb* <v:long>", will_do},
    fact_rule{"plan.planning", "i|we am|are|have @adverb* planning|planned to <v:long>", planning},
    fact_rule{"plan.plan", "i|we @adverb* plan to <v:long>", planning},
    fact_rule{"plan.cancelled",
              "my|our|the <v:occasion_phrase> was|is|got|has|'s been? cancelled|canceled|off", cancelled}};

} // namespace

std::span<const fact_rule> time_rules() {
  return time_table;
}

} // namespace reverie::actors::bond
