#include "projections/runner/row_comparison.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace reverie::projections {
namespace {

/// Of 8 KiB: what is hashed by one statement, a fraction of a second.
constexpr std::uint64_t blocks_per_piece = 2'048;

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string all;
  for (const auto& each : parts) all.append(all.empty() ? "" : between).append(each);
  return all;
}

std::optional<events::log_position> cause_in(const result& rows, std::size_t line, std::size_t column) {
  if (rows.is_null(line, column)) return std::nullopt;
  return events::log_position{{static_cast<std::uint32_t>(rows.integer(line, column))}, {static_cast<std::uint64_t>(rows.integer(line, column + 1))}};
}

/// A table on both sides, with the columns both have.
struct table_pair {
  const table& of;
  std::string stored, expected; ///< names with schema
  std::vector<std::string> keys, rest;
  std::vector<std::string> hashed; ///< all columns, as Postgres can hash them
};

/// Hashing the values is five times as fast as hashing the row's text, but not every type has a hash of its own.
std::string hashable(const std::string& column, std::string_view type) {
  static const std::set<std::string_view> known{"bool", "bytea", "float8", "int4", "int8", "jsonb", "text", "_text", "timestamptz", "uuid"};
  return known.contains(type) ? column : column + "::text";
}

/// Nothing when the stored side does not have the table or one of its keys.
outcome<std::optional<table_pair>> pair_of(connection& database, const table& one, const std::string& stored, const std::string& expected) {
  const auto rows = database.run("SELECT column_name, udt_name FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2", {stored, std::string(one.name)});
  if (!rows) return std::unexpected(rows.error());
  std::map<std::string, std::string> there;
  for (std::size_t i = 0; i < rows->rows(); ++i) there.emplace(rows->text(i, 0), rows->text(i, 1));
  table_pair made{one, stored + "." + std::string(one.name), expected + "." + std::string(one.name), {}, {}, {}};
  for (std::size_t i = 0; i < one.columns.size(); ++i) {
    const std::string column(one.columns[i].name);
    const bool is_key = i < one.key_columns;
    if (!there.contains(column) && is_key) return std::optional<table_pair>{};
    if (!there.contains(column)) continue;
    (is_key ? made.keys : made.rest).push_back(column);
    made.hashed.push_back(hashable(column, there.at(column)));
  }
  made.hashed.insert(made.hashed.end(), {"log_partition", "log_offset"});
  return made;
}

/// How many rows one side has, and the sum of their hashes, which no order changes.
struct digest {
  std::uint64_t rows = 0;
  std::string sum = "0"; ///< of any length: Postgres adds up
  friend bool operator==(const digest&, const digest&) = default;
};

/// Piece by piece, in the order the rows lie: whoever looks after others may rest between two of them. Postgres makes the hash of a row by adding up
/// those of its columns, each times a power of 31: in a sum of such hashes, values that two rows exchanged would cancel out. So it is hashed once more.
outcome<digest> digest_of(connection& database, const table_pair& pair, const std::string& name, const piece_callback& after_piece) {
  const auto size = database.run("SELECT pg_relation_size($1::regclass) / current_setting('block_size')::bigint", {name});
  if (!size) return std::unexpected(size.error());
  const auto blocks = static_cast<std::uint64_t>(size->integer(0, 0));
  const auto statement = "SELECT count(*), coalesce(sum(hashtextextended(hash_record_extended(ROW(" + joined(pair.hashed, ", ") + "), 0)::text, 0)::numeric), 0) + $3::numeric FROM " + name +
                         " WHERE ctid >= $1::tid AND ctid < $2::tid";
  digest all;
  for (std::uint64_t from = 0; from < blocks; from += blocks_per_piece) {
    const auto place = [](std::uint64_t block) { return "(" + std::to_string(block) + ",0)"; };
    const auto piece = database.run(statement, {place(from), place(from + blocks_per_piece), all.sum});
    if (!piece) return std::unexpected(piece.error());
    all.rows += static_cast<std::uint64_t>(piece->integer(0, 0));
    all.sum = piece->text(0, 1);
    if (auto rested = after_piece(); !rested) return std::unexpected(rested.error());
  }
  return all;
}

/// The rows that differ, by a join on the keys.
std::vector<statement> differences_of(const table_pair& pair, std::size_t first_max) {
  std::vector<std::string> keys, match, differing;
  for (const auto& column : pair.keys) {
    keys.push_back("coalesce(a." + column + ", b." + column + ")::text");
    match.push_back("a." + column + " = b." + column);
  }
  for (const auto& column : pair.rest) differing.push_back("CASE WHEN a." + column + " IS DISTINCT FROM b." + column + " THEN '" + column + "' END");
  differing.emplace_back("CASE WHEN (a.log_partition, a.log_offset) IS DISTINCT FROM (b.log_partition, b.log_offset) THEN 'log_offset' END");
  const auto columns = "concat_ws(',', " + joined(differing, ", ") + ")";
  const auto from = " FROM " + pair.stored + " a FULL JOIN " + pair.expected + " b ON " + joined(match, " AND ");
  const auto first_key = "." + pair.keys.front();
  const auto where = " WHERE " + columns + " <> '' OR a" + first_key + " IS NULL OR b" + first_key + " IS NULL";
  return {{"SELECT count(*), count(*) FILTER (WHERE a" + first_key + " IS NULL), count(*) FILTER (WHERE b" + first_key + " IS NULL)" + from + where},
          {"SELECT concat_ws('/', " + joined(keys, ", ") + "), a" + first_key + " IS NULL, b" + first_key + " IS NULL, " + columns +
           ", a.log_partition, a.log_offset, b.log_partition, b.log_offset" + from + where + " ORDER BY 1 LIMIT " + std::to_string(first_max)}};
}

row_difference difference_in(const result& rows, std::size_t line, const fold& of, const table& one) {
  using kind = row_difference::kind;
  const bool missing = rows.boolean(line, 1), unexpected = rows.boolean(line, 2);
  row_difference found{std::string(of.name()), std::string(one.name), std::string(rows.text(line, 0)),
                       missing ? kind::missing : unexpected ? kind::unexpected : kind::different, {}, cause_in(rows, line, 4), cause_in(rows, line, 6)};
  std::string column;
  for (const char each : missing || unexpected ? std::string{} : std::string(rows.text(line, 3)) + ",") {
    if (each != ',') column += each;
    else if (!column.empty()) found.columns.push_back(std::exchange(column, {}));
  }
  return found;
}

} // namespace

outcome<void> compare_rows(connection& database, const fold& of, const std::string& stored, const std::string& expected, std::size_t first_max,
                           row_comparison& found, const piece_callback& after_piece) {
  for (const auto* each : of.tables()) {
    const auto pair = pair_of(database, *each, stored, expected);
    if (!pair) return std::unexpected(pair.error());
    if (!*pair) continue;
    const auto before = digest_of(database, **pair, (*pair)->stored, after_piece);
    if (!before) return std::unexpected(before.error());
    const auto after = digest_of(database, **pair, (*pair)->expected, after_piece);
    if (!after) return std::unexpected(after.error());
    found.rows += std::max(before->rows, after->rows);
    if (*before == *after) continue;
    const auto rows = database.run_all(differences_of(**pair, first_max));
    if (!rows) return std::unexpected(rows.error());
    const auto counted = [&](std::size_t column) { return static_cast<std::uint64_t>((*rows)[0].integer(0, column)); };
    found.differences += counted(0);
    found.missing += counted(1);
    found.unexpected += counted(2);
    found.different += counted(0) - counted(1) - counted(2);
    for (std::size_t i = 0; i < (*rows)[1].rows(); ++i) found.first.push_back(difference_in((*rows)[1], i, of, *each));
  }
  return {};
}

} // namespace reverie::projections
