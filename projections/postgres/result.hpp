#pragma once

#include "events/model/ids.hpp"
#include "events/model/time.hpp"

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace reverie::projections {

/// Rows Postgres answered with, in text form. Cells are numbered from 0; views live as long as the result.
class result {
public:
  explicit result(PGresult* owned) : owned_(owned, &PQclear) {}

  std::size_t rows() const { return static_cast<std::size_t>(PQntuples(owned_.get())); }
  /// Rows a statement changed.
  std::uint64_t changed() const;
  bool is_null(std::size_t line, std::size_t column) const;
  std::string_view text(std::size_t line, std::size_t column) const;
  std::int64_t integer(std::size_t line, std::size_t column) const;
  double real(std::size_t line, std::size_t column) const;
  bool boolean(std::size_t line, std::size_t column) const { return text(line, column) == "t"; }
  /// Nil when it is NULL or no UUID.
  events::uuid uuid(std::size_t line, std::size_t column) const;
  /// The cell holds milliseconds since 1970 (see `as_milliseconds`).
  events::timestamp time(std::size_t line, std::size_t column) const { return events::from_milliseconds(integer(line, column)); }
  std::optional<events::timestamp> optional_time(std::size_t line, std::size_t column) const;

  PGresult* raw() const { return owned_.get(); }

private:
  std::unique_ptr<PGresult, void (*)(PGresult*)> owned_;
};

/// SQL that gives a timestamptz as milliseconds since 1970.
std::string as_milliseconds(std::string_view expression);

} // namespace reverie::projections
