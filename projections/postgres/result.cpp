#include "projections/postgres/result.hpp"

#include <charconv>
#include <cstdlib>
#include <string>

namespace reverie::projections {
namespace {

std::int64_t number_in(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

} // namespace

std::uint64_t result::changed() const { return static_cast<std::uint64_t>(number_in(PQcmdTuples(owned_.get()))); }

bool result::is_null(std::size_t line, std::size_t column) const {
  return PQgetisnull(owned_.get(), static_cast<int>(line), static_cast<int>(column)) == 1;
}

std::string_view result::text(std::size_t line, std::size_t column) const {
  const auto r = static_cast<int>(line);
  const auto c = static_cast<int>(column);
  return {PQgetvalue(owned_.get(), r, c), static_cast<std::size_t>(PQgetlength(owned_.get(), r, c))};
}

std::int64_t result::integer(std::size_t line, std::size_t column) const { return number_in(text(line, column)); }

double result::real(std::size_t line, std::size_t column) const {
  const auto held = text(line, column);
  double number = 0;
  std::from_chars(held.data(), held.data() + held.size(), number);
  return number;
}

events::uuid result::uuid(std::size_t line, std::size_t column) const {
  return events::parse_uuid(text(line, column)).value_or(events::uuid{});
}

std::optional<events::timestamp> result::optional_time(std::size_t line, std::size_t column) const {
  if (is_null(line, column)) return std::nullopt;
  return time(line, column);
}

std::string as_milliseconds(std::string_view expression) {
  return "(extract(epoch FROM " + std::string(expression) + ") * 1000)::bigint";
}

} // namespace reverie::projections
