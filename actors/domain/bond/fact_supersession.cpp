#include "actors/domain/bond/turn_extraction.hpp"
#include "events/model/text_terms.hpp"

#include <algorithm>

namespace reverie::actors::bond {
namespace {

std::vector<std::string> meaning_of(std::string_view value) {
  std::vector<std::string> terms = events::terms_of(value);
  if (terms.empty()) terms = events::words_of(value); // all stop words: "IT"
  std::ranges::sort(terms);
  return terms;
}

bool same_value(std::string_view a, std::string_view b) {
  return a == b || meaning_of(a) == meaning_of(b);
}

// "sister" may be "sister Ana"; "sister Ana" is not "sister Eva".
bool same_subject(std::string_view a, std::string_view b) {
  if (a == b) return true;
  if (a.size() > b.size()) std::swap(a, b);
  return b.starts_with(a) && b[a.size()] == ' ' && events::begins_with_capital(b.substr(a.size() + 1));
}

bool is_occupation(std::string_view subject) {
  return subject == "user" || subject == "employer";
}

} // namespace

bool closes(const extracted_fact& newer, const held_fact& held) {
  const auto attribute = attribute_of(held.attribute);
  if (!attribute) return false;
  const bool opposed = (newer.attribute == fact_attribute::like && *attribute == fact_attribute::dislike) ||
                       (newer.attribute == fact_attribute::dislike && *attribute == fact_attribute::like);
  if (opposed)
    return newer.change == fact_change::holds && newer.subject == "user" &&
           same_value(newer.value, held.value);
  if (newer.attribute != *attribute) return false;

  if (newer.change == fact_change::ended) {
    const bool job_lost = newer.attribute == fact_attribute::work && newer.value.empty() &&
                          is_occupation(newer.subject) && is_occupation(held.subject);
    if (!job_lost && !same_subject(newer.subject, held.subject)) return false;
    return newer.value.empty() || same_value(newer.value, held.value);
  }
  if (!same_subject(newer.subject, held.subject) || same_value(newer.value, held.value)) return false;
  if (newer.attribute == fact_attribute::pet && same_value(held.value, held.subject))
    return true; // it has a name now
  return newer.exclusive;
}

bool has_one_value(fact_attribute attribute, std::string_view subject) {
  using enum fact_attribute;
  if (attribute == name || attribute == age || attribute == home || attribute == work) return true;
  if (attribute == date) return subject == "anniversary" || subject == "birth year" || subject.ends_with("birthday");
  if (attribute == family) return subject == "relationship" || subject == "siblings" || subject == "children";
  return attribute == like && subject.starts_with("favourite ");
}

bool restates(const extracted_fact& newer, const held_fact& held) {
  return newer.change == fact_change::holds && attribute_name(newer.attribute) == held.attribute &&
         newer.subject == held.subject && same_value(newer.value, held.value);
}

} // namespace reverie::actors::bond
