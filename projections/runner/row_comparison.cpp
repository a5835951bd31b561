#include "projections/runner/row_comparison.hpp"

#include <algorithm>
#include <set>

namespace reverie::projections {
namespace {

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
};

/// Nothing when the stored side does not have the table or one of its keys.
outcome<std::optional<table_pair>> pair_of(connection& database, const table& one, const std::string& stored, const std::string& expected) {
  const auto rows = database.run("SELECT column_name FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2", {stored, std::string(one.name)});
  if (!rows) return std::unexpected(rows.error());
  std::set<std::string> there;
  for (std::size_t i = 0; i < rows->rows(); ++i) there.emplace(rows->text(i, 0));
  table_pair made{one, stored + "." + std::string(one.name), expected + "." + std::string(one.name), {}, {}};
  for (std::size_t i = 0; i < one.columns.size(); ++i) {
    const std::string column(one.columns[i].name);
    const bool is_key = i < one.key_columns;
    if (!there.contains(column) && is_key) return std::optional<table_pair>{};
    if (there.contains(column)) (is_key ? made.keys : made.rest).push_back(column);
  }
  return made;
}

std::string digest_of(const table_pair& pair, const std::string& name) {
  auto columns = pair.keys;
  columns.insert(columns.end(), pair.rest.begin(), pair.rest.end());
  columns.insert(columns.end(), {"log_partition", "log_offset"});
  return "SELECT count(*), coalesce(sum(hashtextextended(ROW(" + joined(columns, ", ") + ")::text, 0)::numeric), 0) FROM " + name;
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
                           row_comparison& found) {
  for (const auto* each : of.tables()) {
    const auto pair = pair_of(database, *each, stored, expected);
    if (!pair) return std::unexpected(pair.error());
    if (!*pair) continue;
    const std::vector<statement> digests{{digest_of(**pair, (*pair)->stored)}, {digest_of(**pair, (*pair)->expected)}};
    const auto sides = database.run_all(digests);
    if (!sides) return std::unexpected(sides.error());
    const auto count = [&](std::size_t side) { return static_cast<std::uint64_t>((*sides)[side].integer(0, 0)); };
    found.rows += std::max(count(0), count(1));
    if (count(0) == count(1) && (*sides)[0].text(0, 1) == (*sides)[1].text(0, 1)) continue;
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
