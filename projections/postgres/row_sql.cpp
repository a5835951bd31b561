#include "projections/postgres/row_sql.hpp"

#include "projections/postgres/array_text.hpp"

#include <nlohmann/json.hpp>

namespace reverie::projections {
namespace {

struct sql_type {
  std::string_view array; ///< the type of a parameter that carries a column of cells
  std::string_view cast;  ///< from an element of it to the cell
};

sql_type type_of(column_type type) {
  switch (type) {
  case column_type::uuid: return {"uuid[]", ""};
  case column_type::text: return {"text[]", ""};
  case column_type::integer: return {"bigint[]", ""};
  case column_type::real: return {"double precision[]", ""};
  case column_type::boolean: return {"boolean[]", ""};
  case column_type::time: return {"timestamptz[]", ""};
  case column_type::text_list: return {"text[]", "::text[]"};
  case column_type::json: return {"text[]", "::jsonb"};
  case column_type::bytes: return {"text[]", "::bytea"};
  }
  return {"text[]", ""};
}

std::vector<column> all_columns(const table& of) {
  std::vector<column> all(of.columns.begin(), of.columns.end());
  all.insert(all.end(), std::begin(lineage_columns), std::end(lineage_columns));
  return all;
}

std::string column_list(std::span<const column> columns) {
  std::string list;
  for (const auto& each : columns) list.append(list.empty() ? "" : ", ").append(each.name);
  return list;
}

/// `unnest($1::uuid[], …) AS u(id, …)` with its parameters.
template <class Rows>
std::string unnested(std::span<const column> columns, const Rows& rows, sql_params& params) {
  std::string sql = "unnest(";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    array_text cells;
    for (const auto& each : rows) {
      if constexpr (std::is_pointer_v<std::decay_t<decltype(each)>>) cells.add((*each)[i]);
      else cells.add(each[i]);
    }
    params.emplace_back(std::move(cells).finish());
    sql.append(i == 0 ? "$" : ", $").append(std::to_string(params.size())).append("::").append(type_of(columns[i].type).array);
  }
  return sql + ") AS u(" + column_list(columns) + ")";
}

statement insert_of(const table_changes& changes, const std::string& name) {
  const auto columns = all_columns(*changes.of);
  statement made;
  std::string cells;
  for (const auto& each : columns) cells.append(cells.empty() ? "u." : ", u.").append(each.name).append(type_of(each.type).cast);
  made.sql = "INSERT INTO " + name + " (" + column_list(columns) + ") SELECT " + cells + " FROM " + unnested(columns, changes.inserted, made.params);
  return made;
}

statement update_of(const table_changes& changes, const std::string& name) {
  const auto columns = all_columns(*changes.of);
  statement made;
  std::string sets;
  for (std::size_t i = changes.of->key_columns; i < columns.size(); ++i) {
    sets.append(sets.empty() ? "" : ", ").append(columns[i].name).append(" = u.").append(columns[i].name).append(type_of(columns[i].type).cast);
  }
  made.sql = "UPDATE " + name + " t SET " + sets + " FROM " + unnested(columns, changes.updated, made.params) + " WHERE t.id = u.id";
  return made;
}

statement delete_of(const table_changes& changes, const std::string& name) {
  const auto keys = changes.of->columns.first(changes.of->key_columns);
  statement made;
  std::string match;
  for (const auto& each : keys) match.append(match.empty() ? "t." : " AND t.").append(each.name).append(" = u.").append(each.name);
  made.sql = "DELETE FROM " + name + " t USING " + unnested(keys, changes.deleted_keys, made.params) + " WHERE " + match;
  return made;
}

std::string unhexed(std::string_view text) {
  const auto digit = [](char one) { return one <= '9' ? one - '0' : one - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) bytes += static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1]));
  return bytes;
}

value cell_in(column_type type, const result& answer, std::size_t line, std::size_t column) {
  if (answer.is_null(line, column)) return std::monostate{};
  switch (type) {
  case column_type::uuid: return answer.uuid(line, column);
  case column_type::text: return std::string(answer.text(line, column));
  case column_type::integer: return answer.integer(line, column);
  case column_type::real: return answer.real(line, column);
  case column_type::boolean: return answer.boolean(line, column);
  case column_type::time: return answer.time(line, column);
  case column_type::text_list: return nlohmann::json::parse(answer.text(line, column)).get<std::vector<std::string>>();
  case column_type::json: return json_text{std::string(answer.text(line, column))};
  case column_type::bytes: return bytes_text{unhexed(answer.text(line, column))};
  }
  return std::monostate{};
}

std::string select_expression(const column& of) {
  const std::string name(of.name);
  if (of.type == column_type::time) return as_milliseconds(name);
  if (of.type == column_type::text_list) return "array_to_json(" + name + ")";
  if (of.type == column_type::bytes) return "encode(" + name + ", 'hex')";
  return name;
}

} // namespace

std::vector<statement> statements_of(const table_changes& changes, const std::string& schema, bool with_inserts) {
  const auto name = schema + "." + std::string(changes.of->name);
  std::vector<statement> made;
  if (with_inserts && !changes.inserted.empty()) made.push_back(insert_of(changes, name));
  if (!changes.updated.empty()) made.push_back(update_of(changes, name));
  if (!changes.deleted_keys.empty()) made.push_back(delete_of(changes, name));
  return made;
}

std::string copy_statement(const table& of, const std::string& schema) {
  return "COPY " + schema + "." + std::string(of.name) + " (" + column_list(all_columns(of)) + ") FROM STDIN (FORMAT binary)";
}

statement select_of(const table& of, const std::string& schema, const rows_asked& asked) {
  statement made;
  std::string list;
  for (const auto& each : all_columns(of)) list.append(list.empty() ? "" : ", ").append(select_expression(each));
  array_text keys;
  for (const auto& key : asked.keys) keys.add(key);
  made.params.emplace_back(std::move(keys).finish());
  const auto from = "SELECT " + list + " FROM " + schema + "." + std::string(of.name) + " WHERE ";
  made.sql = from + "id = ANY($1::uuid[])";
  std::map<std::size_t, array_text> by_column;
  for (const auto& [column, key] : asked.groups) by_column[column].add(key);
  for (auto& [column, group] : by_column) {
    made.params.emplace_back(std::move(group).finish());
    made.sql += " UNION ALL " + from + std::string(of.columns[column].name) + " = ANY($" + std::to_string(made.params.size()) + "::uuid[])";
  }
  return made;
}

std::vector<row> rows_in(const table& of, const result& answer) {
  const auto columns = all_columns(of);
  std::vector<row> rows(answer.rows());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    rows[r].reserve(columns.size());
    for (std::size_t c = 0; c < columns.size(); ++c) rows[r].push_back(cell_in(columns[c].type, answer, r, c));
  }
  return rows;
}

} // namespace reverie::projections
