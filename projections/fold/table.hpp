#pragma once

#include "events/model/ids.hpp"
#include "events/model/time.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace reverie::projections {

/// What a column of a projection's table holds. Each has one form in SQL and one in C++ (`value`).
enum class column_type : std::uint8_t {
  uuid,      ///< uuid, events::uuid
  text,      ///< text, std::string
  integer,   ///< bigint, std::int64_t
  real,      ///< double precision, double
  boolean,   ///< boolean, bool
  time,      ///< timestamptz, events::timestamp
  text_list, ///< text[], std::vector<std::string>
  json,      ///< jsonb, json_text
  bytes,     ///< bytea, bytes_text
};

/// JSON as text, in the canonical form of jsonb.
struct json_text {
  std::string text;
  friend bool operator==(const json_text&, const json_text&) = default;
};

/// Raw bytes.
struct bytes_text {
  std::string bytes;
  friend bool operator==(const bytes_text&, const bytes_text&) = default;
};

/// One cell; monostate is NULL.
using value = std::variant<std::monostate, bool, std::int64_t, double, std::string, events::uuid, events::timestamp,
                           std::vector<std::string>, json_text, bytes_text>;
using row = std::vector<value>;

struct column {
  std::string_view name;
  column_type type;
};

/// A table of a projection. The first `key_columns` columns are its primary key. Every table ends with `log_partition` and
/// `log_offset`, the place of the row's last cause; the row store writes them.
struct table {
  std::string_view name;
  std::span<const column> columns; ///< without the lineage columns
  std::size_t key_columns = 1;
  /// Rows are only put in and taken out whole, never read back by the fold: nothing is kept of them in memory after a batch.
  bool append_only = false;
};

inline constexpr column lineage_columns[] = {{"log_partition", column_type::integer}, {"log_offset", column_type::integer}};

inline value optional_uuid(const auto& id) {
  if (!id) return std::monostate{};
  return id->value;
}
inline value optional_time(const std::optional<events::timestamp>& at) {
  if (!at) return std::monostate{};
  return *at;
}

} // namespace reverie::projections
