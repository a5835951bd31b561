#include "actors/effects/extraction/fact_answer.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace reverie::actors {

using bond::extracted_fact;
using bond::fact_attribute;
using bond::fact_change;
using events::failure_code;
using events::outcome;
using nlohmann::json;

namespace {

using namespace std::string_view_literals;

constexpr std::string_view rule_code = "model";
constexpr std::array fact_fields{"attribute"sv, "change"sv, "quote"sv, "replaces"sv, "sentence"sv, "since"sv, "subject"sv, "value"sv};

std::unexpected<events::failure> unusable(std::string_view why) {
  return events::fail(failure_code::malformed, "the model's answer about facts can't be used: " + std::string{why});
}

bool has_exactly_the_fields(const json& fact) {
  if (!fact.is_object() || fact.size() != fact_fields.size()) return false;
  return std::ranges::all_of(fact_fields, [&](std::string_view name) {
    const auto at = fact.find(name);
    if (at == fact.end()) return false;
    if (name == "replaces") return at->is_boolean();
    return at->is_string() || (name == "since" && at->is_null());
  });
}

/// Not blank at its ends, no control characters, within its length.
bool is_plain(std::string_view text, std::size_t bytes_max) {
  if (text.empty() || text.size() > bytes_max || text.front() == ' ' || text.back() == ' ') return false;
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

/// Midnight (UTC) of `YYYY-MM-DD`.
std::optional<events::timestamp> day_of(const std::string& text) {
  return text.size() == 10 ? events::parse_rfc3339(text + "T00:00:00Z") : std::nullopt;
}

bool may_replace(const extracted_fact& fact) {
  return (fact.attribute == fact_attribute::pet || fact.attribute == fact_attribute::family) && fact.subject != "user";
}

outcome<extracted_fact> fact_of(const json& from, std::string_view message) {
  if (!has_exactly_the_fields(from)) return unusable("an entry has other fields than were asked for");
  const auto text = [&](const char* name) -> const std::string& { return from.at(name).get_ref<const std::string&>(); };
  const auto attribute = bond::attribute_of(text("attribute"));
  if (!attribute) return unusable("an attribute that is none");
  extracted_fact fact;
  fact.attribute = *attribute;
  fact.subject = text("subject");
  fact.value = text("value");
  fact.sentence = text("sentence");
  fact.rule = rule_code;
  if (text("change") == "ended") fact.change = fact_change::ended;
  else if (text("change") != "holds") return unusable("a change that is none");
  if (!is_plain(fact.subject, extracted_subject_bytes)) return unusable("a subject that is empty, too long or not plain");
  const bool nothing_named = fact.change == fact_change::ended && fact.value.empty();
  if (!nothing_named && !is_plain(fact.value, extracted_value_bytes)) return unusable("a value that is empty, too long or not plain");
  if (!is_plain(fact.sentence, extracted_sentence_bytes)) return unusable("a sentence that is empty, too long or not plain");
  if (from.at("since").is_string()) {
    fact.valid_from = day_of(text("since"));
    if (!fact.valid_from) return unusable("a day that is none");
  }
  fact.exclusive = bond::has_one_value(fact.attribute, fact.subject) || (from.at("replaces").get<bool>() && may_replace(fact));
  const auto& quote = text("quote");
  const auto at = quote.empty() ? std::string_view::npos : message.find(quote);
  if (at == std::string_view::npos) return unusable("a quote that does not stand in the message");
  fact.source = {at, at + quote.size()};
  return fact;
}

} // namespace

outcome<std::vector<extracted_fact>> read_fact_answer(std::string_view answer, const extraction_request& request) {
  const auto parsed = json::parse(answer, nullptr, false);
  if (!parsed.is_object() || parsed.size() != 1 || !parsed.contains("facts") || !parsed["facts"].is_array())
    return unusable("it is not the object that was asked for");
  std::vector<extracted_fact> facts;
  for (const auto& each : parsed["facts"]) {
    auto fact = fact_of(each, request.said);
    if (!fact) return std::unexpected(std::move(fact).error());
    facts.push_back(std::move(*fact));
  }
  return facts;
}

outcome<std::string> answer_text_of(std::string_view body) {
  const auto parsed = json::parse(body, nullptr, false);
  const auto member = [](const json& of, const char* name) -> json { return of.is_object() && of.contains(name) ? of[name] : json{}; };
  const auto choices = member(parsed, "choices");
  if (!choices.is_array() || choices.empty()) return unusable("the endpoint gave no choice");
  if (member(choices[0], "finish_reason") == "length") return unusable("it was cut short");
  const auto content = member(member(choices[0], "message"), "content");
  if (!content.is_string()) return unusable("the endpoint gave no text");
  return content.get<std::string>();
}

} // namespace reverie::actors
