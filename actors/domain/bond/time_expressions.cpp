#include "actors/domain/bond/time_expressions.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <tuple>

namespace reverie::actors::bond {
namespace {

using namespace std::chrono;
using namespace std::string_view_literals;

constexpr std::array month_names{"january"sv,   "february"sv, "march"sv,    "april"sv,
                                 "may"sv,       "june"sv,     "july"sv,     "august"sv,
                                 "september"sv, "october"sv,  "november"sv, "december"sv};
constexpr std::array short_month_names{"jan"sv, "feb"sv, "mar"sv,  "apr"sv, "may"sv, "jun"sv,
                                       "jul"sv, "aug"sv, "sept"sv, "oct"sv, "nov"sv, "dec"sv};
constexpr std::array day_names{"sunday"sv,   "monday"sv, "tuesday"sv, "wednesday"sv,
                               "thursday"sv, "friday"sv, "saturday"sv};

template <std::size_t N>
std::optional<unsigned> place_in(const std::array<std::string_view, N>& names, std::string_view word) {
  const auto found = std::ranges::find(names, word);
  if (found == names.end()) return std::nullopt;
  return static_cast<unsigned>(found - names.begin());
}

// Reads one expression, word by word.
class reader {
public:
  reader(const statement& said, std::size_t at, sys_days today) : said_(said), at_(at), today_(today) {}

  std::optional<named_time> read() {
    const std::size_t begin = at_;
    named_time found;
    bool prepared = false;
    if (take("since") || take("from")) {
      found.relation = time_relation::since;
      prepared = true;
    } else if (take("until") || take("till")) {
      found.relation = time_relation::until;
      prepared = true;
    } else if (take("for")) {
      if (!span_of_time()) return std::nullopt;
      found.relation = time_relation::since;
      return finish(found, begin, minus(), true);
    } else {
      prepared = take("on") || take("in") || take("by") || take("at") || take("around") || take("during") ||
                 take("back");
      if (prepared) take("in");
    }
    const bool in = begin < at_ && word(at_ - 1) == "in";
    if (const auto day = read_day(in)) return finish(found, begin, *day, true);
    if (in && span_of_time()) return finish(found, begin, plus(), true);
    if (const auto start = read_period(prepared)) {
      found.whole_period = true;
      return finish(found, begin, *start, relative_);
    }
    if (const auto day = read_date()) return finish(found, begin, *day, relative_);
    at_ = begin;
    if (span_of_time() && (take("ago") || (take("earlier")))) return finish(found, begin, minus(), true);
    return std::nullopt;
  }

private:
  std::string_view word(std::size_t i) const {
    return i < said_.tokens.size() ? std::string_view{said_.tokens[i].lower} : std::string_view{};
  }
  std::string_view here() const { return word(at_); }
  bool take(std::string_view expected) {
    if (here() != expected) return false;
    ++at_;
    return true;
  }

  std::optional<named_time> finish(named_time found, std::size_t begin, sys_days day, bool relative) const {
    found.begin = begin;
    found.end = at_;
    found.from = events::timestamp{day};
    found.relative = relative;
    return found;
  }

  // today, tomorrow, (next|last|this) Friday, the day after tomorrow, this weekend
  std::optional<sys_days> read_day(bool in) {
    if (in) return std::nullopt;
    if (take("today") || take("tonight")) return today_;
    if (take("yesterday")) return today_ - days{1};
    if (take("tomorrow")) {
      if (here() == "morning" || here() == "afternoon" || here() == "evening" || here() == "night") ++at_;
      return today_ + days{1};
    }
    if (here() == "the" && word(at_ + 1) == "day" && word(at_ + 2) == "after" &&
        word(at_ + 3) == "tomorrow") {
      at_ += 4;
      return today_ + days{2};
    }
    const std::size_t begin = at_;
    const bool next = take("next");
    const bool last = !next && take("last");
    const bool qualified = next || last || take("this") || take("coming");
    if (take("weekend")) {
      if (!qualified) {
        at_ = begin;
        return std::nullopt;
      }
      const sys_days saturday = monday() + days{5};
      return next ? saturday + days{7} : last ? saturday - days{7} : saturday;
    }
    if (qualified && !next && !last &&
        (here() == "morning" || here() == "afternoon" || here() == "evening")) {
      ++at_;
      return today_;
    }
    const auto name = place_in(day_names, here());
    if (!name) {
      at_ = begin;
      return std::nullopt;
    }
    ++at_;
    if (here() == "morning" || here() == "afternoon" || here() == "evening" || here() == "night") ++at_;
    const weekday wanted{*name};
    if (next) return monday() + days{7} + (wanted - Monday);
    const days ahead = wanted - weekday{today_};
    if (last) return today_ - (days{7} - ahead) % days{7} - (ahead == days{0} ? days{7} : days{0});
    return today_ + (ahead == days{0} ? days{7} : ahead);
  }

  // (next|last|this) (week|month|year|summer), June, June 2021, 2021
  std::optional<sys_days> read_period(bool prepared) {
    const std::size_t begin = at_;
    const year_month_day date{today_};
    if (const int step = take("next") ? 1 : take("last") ? -1 : take("this") ? 0 : 2; step != 2) {
      relative_ = true;
      if (take("week")) return monday() + days{7 * step};
      if (take("month")) return sys_days{(date.year() / date.month() + months{step}) / 1};
      if (take("year")) return sys_days{(date.year() + years{step}) / January / 1};
      if (const auto first = season()) return sys_days{(date.year() + years{step}) / month{*first} / 1};
      if (const auto name = month_here()) {
        ++at_;
        year in = date.year() + years{step};
        if (step == 1 && *name > date.month()) in = date.year();
        if (step == -1 && *name < date.month()) in = date.year();
        return sys_days{in / *name / 1};
      }
      at_ = begin;
      relative_ = false;
      return std::nullopt;
    }
    if (!prepared) return std::nullopt;
    if (const auto name = month_here()) {
      if (day_number(word(at_ + 1))) return std::nullopt; // June 5: a day
      ++at_;
      take("of");
      if (const auto in = year_here()) {
        ++at_;
        return sys_days{*in / *name / 1};
      }
      relative_ = true;
      // The nearest one in the direction of the sentence is the caller's to judge; the coming one is taken
      // here.
      return sys_days{(*name < date.month() ? date.year() + years{1} : date.year()) / *name / 1};
    }
    if (const auto in = year_here()) {
      ++at_;
      return sys_days{*in / January / 1};
    }
    return std::nullopt;
  }

  // 3 May (2024), May 3rd, the 3rd of May, 2024-05-03
  std::optional<sys_days> read_date() {
    const std::size_t begin = at_;
    if (here().size() == 10 && here()[4] == '-' && here()[7] == '-') {
      const auto number = [&](std::size_t from, std::size_t length) {
        return number_of(here().substr(from, length)).value_or(0);
      };
      const year_month_day day{year{number(0, 4)}, month{static_cast<unsigned>(number(5, 2))},
                               std::chrono::day{static_cast<unsigned>(number(8, 2))}};
      if (!day.ok()) return std::nullopt;
      ++at_;
      return sys_days{day};
    }
    take("the");
    std::optional<month> name;
    std::optional<unsigned> number = day_number(here());
    if (number) {
      ++at_;
      take("of");
      if ((name = month_here())) ++at_;
    } else if ((name = month_here())) {
      ++at_;
      take("the");
      if ((number = day_number(here()))) ++at_;
    }
    if (!name || !number) {
      at_ = begin;
      return std::nullopt;
    }
    const std::size_t before_year = at_;
    take(",");
    const auto in = year_here();
    if (in)
      ++at_;
    else
      at_ = before_year;
    relative_ = !in;
    const year this_year = year_month_day{today_}.year();
    year_month_day day{in.value_or(this_year), *name, std::chrono::day{*number}};
    if (!in && day.ok() && sys_days{day} < today_) day += years{1};
    if (!day.ok()) {
      at_ = begin;
      return std::nullopt;
    }
    return sys_days{day};
  }

  // "two years", "a week", "three and a half months" is not read
  bool span_of_time() {
    const std::size_t begin = at_;
    take("about") || take("almost") || take("over") || take("around");
    const auto count = here() == "a" || here() == "an" ? std::optional{1}
                       : here() == "couple"            ? std::optional{2}
                                                       : number_of(here());
    if (!count || *count > 200) {
      at_ = begin;
      return false;
    }
    ++at_;
    if (take("couple")) take("of");
    count_ = *count;
    for (const auto& [one, many, unit] : {std::tuple{"day"sv, "days"sv, 'd'},
                                          {"week"sv, "weeks"sv, 'w'},
                                          {"month"sv, "months"sv, 'm'},
                                          {"year"sv, "years"sv, 'y'}}) {
      if (here() != one && here() != many) continue;
      ++at_;
      unit_ = unit;
      return true;
    }
    at_ = begin;
    return false;
  }

  sys_days shifted(int sign) const {
    const int count = sign * count_;
    if (unit_ == 'd') return today_ + days{count};
    if (unit_ == 'w') return today_ + days{7 * count};
    year_month_day date{today_};
    if (unit_ == 'm') date += months{count};
    if (unit_ == 'y') date += years{count};
    return date.ok() ? sys_days{date} : sys_days{date.year() / date.month() / last};
  }
  sys_days plus() const { return shifted(1); }
  sys_days minus() const { return shifted(-1); }

  sys_days monday() const { return today_ - (weekday{today_} - Monday); }

  std::optional<unsigned> season() {
    if (take("spring")) return 3;
    if (take("summer")) return 6;
    if (take("autumn") || take("fall")) return 9;
    if (take("winter")) return 12;
    return std::nullopt;
  }

  std::optional<month> month_here() const {
    auto place = place_in(month_names, here());
    if (!place) place = place_in(short_month_names, here());
    if (!place) return std::nullopt;
    return month{*place + 1};
  }

  std::optional<year> year_here() const {
    const std::string_view text = here();
    if (text.size() != 4 || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
      return std::nullopt;
    const int number = *number_of(text);
    if (number < 1900 || number > 2100) return std::nullopt;
    return year{number};
  }

  static std::optional<unsigned> day_number(std::string_view text) {
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9')
      ++digits;
    const std::string_view ending = text.substr(digits);
    if (digits == 0 || digits > 2 ||
        !(ending.empty() || ending == "st" || ending == "nd" || ending == "rd" || ending == "th"))
      return std::nullopt;
    const int number = *number_of(text.substr(0, digits));
    if (number < 1 || number > 31) return std::nullopt;
    return static_cast<unsigned>(number);
  }

  const statement& said_;
  std::size_t at_;
  sys_days today_;
  int count_ = 0;
  char unit_ = 'd';
  bool relative_ = false;
};

} // namespace

std::optional<int> number_of(std::string_view word) noexcept {
  static constexpr std::array small{"zero"sv,    "one"sv,     "two"sv,       "three"sv,    "four"sv,
                                    "five"sv,    "six"sv,     "seven"sv,     "eight"sv,    "nine"sv,
                                    "ten"sv,     "eleven"sv,  "twelve"sv,    "thirteen"sv, "fourteen"sv,
                                    "fifteen"sv, "sixteen"sv, "seventeen"sv, "eighteen"sv, "nineteen"sv};
  static constexpr std::array tens{"twenty"sv, "thirty"sv,  "forty"sv,  "fifty"sv,
                                   "sixty"sv,  "seventy"sv, "eighty"sv, "ninety"sv};
  int number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error == std::errc{} && end == word.data() + word.size() && number >= 0) return number;
  if (const auto place = place_in(small, word)) return static_cast<int>(*place);
  for (std::size_t i = 0; i < tens.size(); ++i) {
    if (!word.starts_with(tens[i])) continue;
    const int base = static_cast<int>(i + 2) * 10;
    if (word.size() == tens[i].size()) return base;
    if (word[tens[i].size()] != '-') continue;
    const auto unit = place_in(small, word.substr(tens[i].size() + 1));
    if (unit && *unit >= 1 && *unit <= 9) return base + static_cast<int>(*unit);
  }
  return std::nullopt;
}

std::optional<named_time> time_at(const statement& said, std::size_t at, events::timestamp said_at,
                                  std::chrono::minutes utc_offset) {
  const auto today = floor<days>(said_at + utc_offset);
  auto found = reader{said, at, today}.read();
  if (found) found->from -= utc_offset;
  return found;
}

std::optional<named_time> first_time(const statement& said, std::size_t begin, std::size_t end,
                                     events::timestamp said_at, std::chrono::minutes utc_offset) {
  for (std::size_t i = begin; i < end; ++i) {
    if (auto found = time_at(said, i, said_at, utc_offset)) return found;
  }
  return std::nullopt;
}

} // namespace reverie::actors::bond
