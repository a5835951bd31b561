#include "actors/domain/bond/fact_building.hpp"

#include <algorithm>
#include <array>

namespace reverie::actors::bond {
namespace {

using namespace std::string_view_literals;

extracted_fact& add(found_facts& facts, fact_attribute attribute, std::string subject, std::string value,
                    std::string_view sentence) {
  extracted_fact& fact = facts.emplace_back();
  fact.attribute = attribute;
  fact.subject = std::move(subject);
  fact.value = std::move(value);
  fact.sentence = sentence;
  return fact;
}

} // namespace

std::string in_third_person(std::string_view phrase) {
  static constexpr std::pair<std::string_view, std::string_view> words[] = {
      {"my", "their"},    {"our", "their"}, {"me", "them"}, {"us", "them"}, {"myself", "themselves"},
      {"mine", "theirs"}, {"i", "they"},    {"I", "they"},  {"we", "they"}};
  std::string result;
  while (!phrase.empty()) {
    const std::size_t end = std::min(phrase.find(' '), phrase.size());
    std::string_view word = phrase.substr(0, end);
    for (const auto& [first, third] : words) {
      if (word == first) {
        word = third;
        break;
      }
    }
    result.append(result.empty() ? 0 : 1, ' ').append(word);
    phrase.remove_prefix(std::min(end + 1, phrase.size()));
  }
  return result;
}

extracted_fact& add_fact(found_facts& facts, fact_attribute attribute, std::string subject, std::string value,
                         std::string_view sentence) {
  return add(facts, attribute, std::move(subject), std::move(value), in_third_person(sentence));
}

extracted_fact& add_end(found_facts& facts, fact_attribute attribute, std::string subject, std::string value,
                        std::string_view sentence) {
  extracted_fact& fact =
      add(facts, attribute, std::move(subject), std::move(value), in_third_person(sentence));
  fact.change = fact_change::ended;
  return fact;
}

std::optional<events::timestamp> past_moment(const pattern_match& match) {
  using namespace std::chrono;
  const auto time = match.time();
  if (!time) return std::nullopt;
  events::timestamp from = time->from;
  if (time->relative && from > match.spoken->said_at) {
    const year_month_day day{floor<days>(from + match.spoken->utc_offset)};
    const bool next_week = from - match.spoken->said_at <= days{7} && !time->whole_period;
    const year_month_day earlier{day - years{1}};
    if (next_week)
      from -= days{7};
    else if (earlier.ok())
      from = events::timestamp{sys_days{earlier}} - match.spoken->utc_offset;
  }
  return from;
}

std::string written_time(const named_time& time, std::chrono::minutes utc_offset) {
  using namespace std::chrono;
  static constexpr std::array months{"January"sv,   "February"sv, "March"sv,    "April"sv,
                                     "May"sv,       "June"sv,     "July"sv,     "August"sv,
                                     "September"sv, "October"sv,  "November"sv, "December"sv};
  const year_month_day day{floor<days>(time.from + utc_offset)};
  const std::string in = std::to_string(static_cast<int>(day.year()));
  if (time.whole_period && day.month() == January && day.day() == std::chrono::day{1}) return in;
  const std::string with_month = std::string{months[static_cast<unsigned>(day.month()) - 1]} + ' ' + in;
  if (time.whole_period && day.day() == std::chrono::day{1}) return with_month;
  return std::to_string(static_cast<unsigned>(day.day())) + ' ' + with_month;
}

std::string kin_subject(const pattern_match& match) {
  const std::string detail = match.lower("kin_detail");
  const std::string kin = match.lower("kin");
  if (detail == "best" && kin == "friend") return "best friend";
  const bool distinguishes = !detail.empty() && detail != "new" && detail != "closest";
  return (distinguishes ? detail + ' ' : std::string{}) + std::string{canonical_subject(kin)};
}

std::string kin_phrase(const pattern_match& match) {
  const std::string detail = match.lower("kin_detail");
  return (detail.empty() ? detail : detail + ' ') + match.lower("kin");
}

bool corrects(const pattern_match& match) {
  static constexpr std::array words{"actually"sv, "no"sv,      "not"sv,       "now"sv,
                                    "renamed"sv,  "instead"sv, "correction"sv};
  const auto& tokens = match.said->tokens;
  return std::any_of(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(match.end),
                     [](const token& each) { return std::ranges::find(words, each.lower) != words.end(); });
}

std::vector<std::string> enumerated(const pattern_match& match, std::string_view part) {
  static constexpr std::array one_thing{"rock and roll"sv,    "fish and chips"sv,   "mac and cheese"sv,
                                        "bread and butter"sv, "salt and vinegar"sv, "black and white"sv};
  static constexpr std::array verbs{"hate"sv,  "love"sv, "like"sv,  "dislike"sv, "enjoy"sv,  "want"sv,
                                    "need"sv,  "live"sv, "work"sv,  "think"sv,   "prefer"sv, "am"sv,
                                    "have"sv,  "go"sv,   "play"sv,  "feel"sv,    "hope"sv,   "also"sv,
                                    "would"sv, "even"sv, "just"sv,  "it"sv,      "never"sv,  "always"sv,
                                    "get"sv,   "make"sv, "thank"sv, "thanks"sv,  "only"sv,   "especially"sv};
  const statement& said = *match.said;
  std::vector<std::string> things;
  auto at = match.part(part);
  if (!at) return things;
  std::size_t begin = at->begin;
  std::size_t end = at->end;
  for (;;) {
    things.push_back(said.spelling(begin, end));
    std::size_t next = end;
    const bool comma = next < said.tokens.size() && said.tokens[next].lower == ",";
    if (comma) ++next;
    const bool joined =
        next < said.tokens.size() && (said.tokens[next].lower == "and" || said.tokens[next].lower == "or" ||
                                      said.tokens[next].lower == "&");
    if (joined) ++next;
    if (next == end || next >= said.tokens.size()) return things;
    const std::size_t length = capture_length("thing", said, *match.spoken, next);
    const bool short_enough = length == 1 || (length == 2 && !comma) || (length == 2 && joined);
    const bool closed = next + length == said.tokens.size() || !said.tokens[next + length].is_word ||
                        said.tokens[next + length].lower == "and" ||
                        said.tokens[next + length].lower == "or" || clause_ends(said, next + length);
    if (!short_enough || !closed || std::ranges::find(verbs, said.tokens[next].lower) != verbs.end())
      return things;
    if (comma && !joined && said.tokens[next].capital) return things; // "I love tea, Luna"
    if (things.size() == 1 &&
        std::ranges::find(one_thing, said.spelling(begin, next + length)) != one_thing.end()) {
      things.back() = said.spelling(begin, next + length);
      return things;
    }
    begin = next;
    end = next + length;
  }
}

} // namespace reverie::actors::bond
