#include "actors/domain/bond/fact_rules.hpp"

#include "actors/domain/bond/fact_patterns.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

namespace reverie::actors::bond {
namespace {

using namespace std::string_view_literals;

constexpr std::array attribute_names{"name"sv,   "age"sv, "home"sv, "work"sv, "like"sv,  "dislike"sv,
                                     "family"sv, "pet"sv, "date"sv, "plan"sv, "health"sv};

struct compiled_rule {
  const fact_rule* rule;
  pattern looks_for;
};

const std::vector<compiled_rule>& all_rules() {
  static const std::vector<compiled_rule> rules = [] {
    std::vector<compiled_rule> compiled;
    for (const auto table : {identity_rules(), work_rules(), people_rules(), pet_rules(), taste_rules(),
                             time_rules(), pronoun_name_rules()}) {
      for (const fact_rule& rule : table)
        compiled.push_back({&rule, pattern{rule.pattern}});
    }
    return compiled;
  }();
  return rules;
}

// Words that only govern their own clause; the others govern what follows in the whole sentence.
bool governs_one_clause(std::string_view word) {
  static constexpr std::array words{"when"sv,      "whenever"sv, "until"sv, "once"sv,   "maybe"sv,
                                    "perhaps"sv,   "before"sv,   "after"sv, "people"sv, "everyone"sv,
                                    "everybody"sv, "nobody"sv,   "story"sv, "song"sv,   "novel"sv,
                                    "dream"sv,     "example"sv};
  return std::ranges::find(words, word) != words.end();
}

// Whether what begins at a token is stated, and not supposed, dreamt, or said by somebody else.
bool is_stated(const statement& said, std::size_t begin) {
  bool open = false;
  bool clause = false;
  for (std::size_t i = 0; i < begin; ++i) {
    const std::string_view word = said.tokens[i].lower;
    if (word == "but" || word == "|") open = clause = false;
    if (!said.tokens[i].is_word) clause = false;
    const bool doubted = i > 0 && said.tokens[i - 1].lower == "not" &&
                         (word == "think" || word == "believe" || word == "know" || word == "say" ||
                          word == "mean" || word == "that");
    if (doubted) clause = true;
    const bool own_word =
        i > 0 && (said.tokens[i - 1].lower == "i" || (i > 1 && said.tokens[i - 1].lower == "have"));
    const bool speech = word == "told" || word == "said" || word == "say" || word == "asked";
    if (!is_a(word, word_class::hypothetical) || (speech && own_word)) continue;
    (governs_one_clause(word) ? clause : open) = true;
  }
  const bool joking = std::ranges::any_of(said.tokens, [](const token& each) {
    return each.lower == "kidding" || each.lower == "joking" || each.lower == "jk";
  });
  return !open && !clause && !joking;
}

// Whether a clause of the speaker can begin at a token: "the book I love" is none.
bool begins_clause(const statement& said, std::size_t at) {
  if (at == 0 || !said.tokens[at - 1].is_word || !said.tokens[at].is_word || said.tokens[at].lower == "and" ||
      said.tokens[at].lower == "my" || said.tokens[at].lower == "our")
    return true;
  const token& before = said.tokens[at - 1];
  if (is_a(before.lower, word_class::lead_in)) return true;
  const bool year = before.lower.size() == 4 && number_of(before.lower);
  const bool addressed = before.capital && at >= 2 && is_a(said.tokens[at - 2].lower, word_class::lead_in);
  return year || addressed || (at == 1 && before.capital && before.lower != "the");
}

void apply(const compiled_rule& each, const statement& said, const utterance& spoken,
           std::vector<extracted_fact>& facts) {
  for (std::size_t at = 0; at < said.tokens.size(); ++at) {
    const auto match = each.looks_for.match(said, spoken, at);
    if (!match || !begins_clause(said, at) || !is_stated(said, at)) continue;
    const std::size_t before = facts.size();
    each.rule->found(*match, facts);
    for (std::size_t i = before; i < facts.size(); ++i) {
      facts[i].rule = each.rule->code;
      facts[i].source = {said.tokens[match->begin].place.begin, said.tokens[match->end - 1].place.end};
    }
    at = std::max(at, match->end - 1);
  }
}

bool same_key(const extracted_fact& a, const extracted_fact& b) {
  return a.attribute == b.attribute && a.subject == b.subject;
}

// What several rules found in one utterance, once: the same thing said twice, and "a dog" beside "a dog
// called Bruno".
std::vector<extracted_fact> without_repetitions(std::vector<extracted_fact> found) {
  std::vector<extracted_fact> kept;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const extracted_fact& fact = found[i];
    const auto covers = [&](std::size_t other) {
      const extracted_fact& rival = found[other];
      if (other == i || !same_key(fact, rival)) return false;
      if (fact.change == fact_change::holds && rival.change == fact_change::ended &&
          fact.value == rival.value)
        return true;
      if (fact.change != rival.change) return false;
      if (restates(fact, {attribute_name(rival.attribute), rival.subject, rival.value})) return other < i;
      const bool unnamed = fact.value == fact.subject && fact.attribute == fact_attribute::pet;
      const bool part = fact.exclusive && rival.exclusive && rival.source.begin <= fact.source.begin &&
                        fact.source.end <= rival.source.end && rival.source != fact.source;
      return unnamed || part;
    };
    bool covered = false;
    for (std::size_t other = 0; other < found.size() && !covered; ++other)
      covered = covers(other);
    if (!covered) kept.push_back(fact);
  }
  std::ranges::stable_sort(kept, {}, [](const extracted_fact& fact) { return fact.source.begin; });
  return kept;
}

} // namespace

std::string_view attribute_name(fact_attribute attribute) noexcept {
  return attribute_names[std::to_underlying(attribute)];
}

std::optional<fact_attribute> attribute_of(std::string_view name) noexcept {
  const auto* found = std::ranges::find(attribute_names, name);
  if (found == attribute_names.end()) return std::nullopt;
  return static_cast<fact_attribute>(found - attribute_names.begin());
}

std::vector<extracted_fact> facts_in(const utterance& said) {
  std::vector<extracted_fact> facts;
  for (const statement& sentence : statements_of(said.text, said.skipped)) {
    std::unordered_set<std::string_view> words;
    for (const token& each : sentence.tokens)
      words.insert(each.lower);
    for (const compiled_rule& rule : all_rules()) {
      if (rule.looks_for.may_match(words)) apply(rule, sentence, said, facts);
    }
  }
  return without_repetitions(std::move(facts));
}

} // namespace reverie::actors::bond
