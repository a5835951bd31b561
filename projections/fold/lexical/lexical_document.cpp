#include "projections/fold/lexical/lexical_document.hpp"

#include "events/model/text_terms.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace reverie::projections {

std::string written_date(events::timestamp at) {
  static constexpr std::array<std::string_view, 12> months{"January",   "February", "March",    "April",
                                                           "May",       "June",     "July",     "August",
                                                           "September", "October",  "November", "December"};
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(at)};
  std::string text = std::to_string(static_cast<unsigned>(date.day()));
  text += ' ';
  text += months[static_cast<unsigned>(date.month()) - 1];
  text += ' ';
  text += std::to_string(static_cast<int>(date.year()));
  return text;
}

std::string turn_document(std::string_view speaker_name, events::timestamp said_at, std::string_view text) {
  const std::string date = written_date(said_at);
  std::string document;
  document.reserve(speaker_name.size() + date.size() + text.size() + 2);
  document.append(speaker_name).append(1, '\n').append(date).append(1, '\n').append(text);
  return document;
}

std::string fact_document(std::string_view speaker_name, events::timestamp recorded_at,
                          std::optional<events::timestamp> valid_from, std::string_view sentence) {
  std::string text;
  const auto day = [](events::timestamp at) { return std::chrono::floor<std::chrono::days>(at); };
  if (valid_from && day(*valid_from) != day(recorded_at))
    text.append(written_date(*valid_from)).append(1, '\n');
  text.append(sentence);
  return turn_document(speaker_name, recorded_at, text);
}

document_postings postings_of(std::string_view document) {
  std::vector<std::string> terms = events::terms_of(document);
  std::ranges::sort(terms);
  document_postings result;
  result.length = static_cast<std::uint32_t>(terms.size());
  for (auto& term : terms) {
    if (!result.postings.empty() && result.postings.back().term == term) {
      ++result.postings.back().frequency;
    } else {
      result.postings.push_back({std::move(term), 1});
    }
  }
  return result;
}

} // namespace reverie::projections
