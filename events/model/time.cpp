#include "events/model/time.hpp"

#include <charconv>
#include <format>

namespace reverie::events {

namespace {

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

void put_digits(std::string& text, std::size_t at, std::size_t count, unsigned value) {
  for (std::size_t i = at + count; i-- > at; value /= 10) text[i] = static_cast<char>('0' + value % 10);
}

/// The fraction `.123456` as milliseconds; `at` moves behind it.
std::optional<int> fraction_ms(std::string_view text, std::size_t& at) {
  if (at >= text.size() || text[at] != '.') return 0;
  ++at;
  int value = 0;
  int count = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++count) {
    if (count < 3) value = value * 10 + (text[at] - '0');
  }
  if (count == 0 || count > 9) return std::nullopt;
  for (; count < 3; ++count) value *= 10;
  return value;
}

/// The offset `Z` or `+hh:mm`, which must end the text.
std::optional<std::chrono::minutes> offset_of(std::string_view text, std::size_t at) {
  if (at + 1 == text.size() && (text[at] == 'Z' || text[at] == 'z')) return std::chrono::minutes{0};
  if (at + 6 != text.size() || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':') return std::nullopt;
  auto hours = digits(text, at + 1, 2);
  auto minutes = digits(text, at + 4, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  std::chrono::minutes value{*hours * 60 + *minutes};
  return text[at] == '-' ? -value : value;
}

} // namespace

/// Each record's header has one, so the common years are written by hand: a tenth of what std::format takes.
std::string format_rfc3339(timestamp at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const auto year = static_cast<int>(date.year());
  if (year < 0 || year > 9999) return std::format("{:%FT%T}Z", at);
  const std::chrono::hh_mm_ss time{at - day};
  std::string text = "0000-00-00T00:00:00.000Z";
  put_digits(text, 0, 4, static_cast<unsigned>(year));
  put_digits(text, 5, 2, static_cast<unsigned>(date.month()));
  put_digits(text, 8, 2, static_cast<unsigned>(date.day()));
  put_digits(text, 11, 2, static_cast<unsigned>(time.hours().count()));
  put_digits(text, 14, 2, static_cast<unsigned>(time.minutes().count()));
  put_digits(text, 17, 2, static_cast<unsigned>(time.seconds().count()));
  put_digits(text, 20, 3, static_cast<unsigned>(time.subseconds().count()));
  return text;
}

std::optional<timestamp> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  auto y = digits(text, 0, 4), mo = digits(text, 5, 2), d = digits(text, 8, 2);
  auto h = digits(text, 11, 2), mi = digits(text, 14, 2), s = digits(text, 17, 2);
  if (!y || !mo || !d || !h || !mi || !s) return std::nullopt;
  if (text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') return std::nullopt;
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return std::nullopt;
  year_month_day date{year{*y}, month{static_cast<unsigned>(*mo)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok() || *h > 23 || *mi > 59 || *s > 59) return std::nullopt;
  std::size_t end = 19;
  auto ms = fraction_ms(text, end);
  if (!ms) return std::nullopt;
  auto offset = offset_of(text, end);
  if (!offset) return std::nullopt;
  return timestamp{sys_days{date}} + hours{*h} + minutes{*mi} + seconds{*s} + milliseconds{*ms} - *offset;
}

} // namespace reverie::events
