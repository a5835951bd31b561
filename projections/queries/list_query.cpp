#include "projections/queries/list_query.hpp"

#include "events/model/limits.hpp"
#include "projections/fold/base64.hpp"
#include "projections/postgres/array_text.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace reverie::projections {
namespace {

using kind = decltype(list_field::type);

std::string_view sql_type_of(kind type) {
  switch (type) {
  case kind::text: return "text";
  case kind::uuid: return "uuid";
  case kind::time: return "timestamptz";
  case kind::number: return "double precision";
  case kind::boolean: return "boolean";
  case kind::text_list: return "text";
  }
  return "text";
}

bool is_of_kind(kind type, const std::string& text) {
  switch (type) {
  case kind::uuid: return events::parse_uuid(text).has_value();
  case kind::time: return events::parse_rfc3339(text).has_value();
  case kind::boolean: return text == "true" || text == "false";
  case kind::number: {
    double number = 0;
    const auto end = text.data() + text.size();
    return !text.empty() && std::from_chars(text.data(), end, number).ptr == end;
  }
  case kind::text:
  case kind::text_list: return text.find('\0') == std::string::npos;
  }
  return false;
}

/// A pattern of `like`: `*` stands for anything; what SQL means by `%`, `_` and `\` is taken as it is written. Without `*` the text may
/// stand anywhere.
std::string like_pattern(const std::string& text) {
  std::string pattern;
  for (const char each : text) {
    if (each == '%' || each == '_' || each == '\\') pattern += '\\';
    pattern += each == '*' ? '%' : each;
  }
  return text.find('*') == std::string::npos ? "%" + pattern + "%" : pattern;
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts(1);
  for (const char each : text) {
    if (each == at) parts.emplace_back();
    else parts.back() += each;
  }
  return parts;
}

std::unexpected<failure> bad(std::string message) { return events::fail(failure_code::malformed, std::move(message)); }

} // namespace

const sql_field* list_query::find(std::string_view name) const {
  const auto at = std::ranges::find_if(source_.fields, [&](const auto& each) { return each.field.name == name; });
  return at == source_.fields.end() ? nullptr : &*at;
}

std::string list_query::parameter(std::string text) {
  params_.emplace_back(std::move(text));
  return "$" + std::to_string(params_.size());
}

outcome<void> list_query::add_filter(const list_filter& filter) {
  static const std::map<std::string_view, std::string_view> comparisons{{"eq", "="}, {"ne", "<>"}, {"gt", ">"}, {"gte", ">="}, {"lt", "<"}, {"lte", "<="}};
  const auto* found = find(filter.field);
  if (found == nullptr) return bad("there is no field " + filter.field + " to filter by");
  const std::string expression(found->expression);
  const auto type = std::string(sql_type_of(found->field.type));
  if (filter.op == "is_null" || filter.op == "is_not_null") {
    conditions_.push_back(expression + (filter.op == "is_null" ? " IS NULL" : " IS NOT NULL"));
    return {};
  }
  const auto values = filter.op == "in" ? split(filter.value, '|') : std::vector{filter.value};
  for (const auto& each : values)
    if (!is_of_kind(found->field.type, each)) return bad("the value for " + filter.field + " is not of its type");
  const bool is_list = found->field.type == kind::text_list;
  if (filter.op == "like") {
    if (found->field.type != kind::text && !is_list) return bad("like works on texts only, not on " + filter.field);
    const auto pattern = parameter(like_pattern(filter.value));
    conditions_.push_back(is_list ? "EXISTS (SELECT 1 FROM unnest(" + expression + ") e WHERE e ILIKE " + pattern + ")"
                                  : expression + " ILIKE " + pattern);
    return {};
  }
  if (filter.op == "in") {
    const auto any = parameter(array_of(values)) + "::" + type + "[]";
    conditions_.push_back(is_list ? expression + " && " + any : expression + " = ANY(" + any + ")");
    return {};
  }
  const auto comparison = comparisons.find(filter.op);
  if (comparison == comparisons.end()) return bad("there is no filter operation " + filter.op);
  const auto given = parameter(filter.value) + "::" + type;
  if (!is_list) conditions_.push_back(expression + " " + std::string(comparison->second) + " " + given);
  else if (filter.op == "eq") conditions_.push_back(given + " = ANY(" + expression + ")");
  else if (filter.op == "ne") conditions_.push_back("NOT " + given + " = ANY(" + expression + ")");
  else return bad("lists are compared with eq, ne, in and like only");
  return {};
}

outcome<void> list_query::add_place(const sql_field& order) {
  if (request_.cursor.empty()) return {};
  const auto text = decode_base64(request_.cursor);
  const auto parts = text ? split(*text, '\n') : std::vector<std::string>{};
  // order, direction, whether the key is there, id, key (which may hold line breaks itself)
  if (parts.size() < 5 || parts[0] != order_name_ || parts[1] != (descending_ ? "-" : "+") || !events::parse_uuid(parts[3]))
    return bad("the cursor does not belong to this list");
  const auto base = params_.size();
  const auto id = "$" + std::to_string(base + 1) + "::uuid";
  const auto then = descending_ ? " < " : " > ";
  const std::string source_id(source_.id);
  place_params_ = {parts[3]};
  if (parts[2] == "n") { // NULLs come last in both directions
    place_ = order_ + " IS NULL AND " + source_id + then + id;
    return {};
  }
  auto key = parts[4];
  for (std::size_t i = 5; i < parts.size(); ++i) key += "\n" + parts[i];
  const bool is_number = order.field.type == kind::number;
  if (!is_number && !is_of_kind(order.field.type == kind::time ? kind::number : order.field.type, key)) return bad("the cursor does not belong to this list");
  place_params_.emplace_back(key);
  auto given = "$" + std::to_string(base + 2) + "::" + std::string(sql_type_of(order.field.type));
  if (order.field.type == kind::time) given = "to_timestamp($" + std::to_string(base + 2) + "::double precision)";
  place_ = "(" + order_ + then + given + " OR (" + order_ + " = " + given + " AND " + source_id + then + id + ")" +
           (" OR " + order_ + " IS NULL)");
  return {};
}

outcome<void> list_query::apply(const list_request& request) {
  request_ = request;
  request_.page_size = std::clamp<std::uint32_t>(request.page_size, 1, events::limits::page_size);
  request_.page = std::max<std::uint32_t>(request.page, 1);
  if (request.filters.size() > events::limits::filter_terms) return bad("too many filters");
  for (const auto& each : request.filters)
    if (auto added = add_filter(each); !added) return added;
  const auto* order = find(request.sort_field.empty() ? source_.own_order : std::string_view(request.sort_field));
  if (order == nullptr || order->field.type == kind::text_list) return bad("there is no field " + request.sort_field + " to sort by");
  order_ = order->expression;
  order_name_ = order->field.name;
  descending_ = request.sort_field.empty() ? source_.own_order_descending : request.descending;
  return add_place(*order);
}

std::vector<statement> list_query::statements() const {
  std::string where;
  for (const auto& each : conditions_) where.append(where.empty() ? " WHERE (" : " AND (").append(each).append(")");
  const auto from = " FROM " + std::string(source_.from) + where;
  auto rows = params_;
  rows.insert(rows.end(), place_params_.begin(), place_params_.end());
  const auto direction = std::string(descending_ ? " DESC NULLS LAST" : " ASC NULLS LAST");
  const auto* order = find(order_name_);
  const auto key = order->field.type == kind::time ? "extract(epoch FROM " + order_ + ")" : order_;
  auto sql = "SELECT " + std::string(source_.columns) + ", " + key + ", " + std::string(source_.id) + from;
  if (!place_.empty()) sql.append(where.empty() ? " WHERE (" : " AND (").append(place_).append(")");
  sql += " ORDER BY " + order_ + direction + ", " + std::string(source_.id) + (descending_ ? " DESC" : " ASC");
  sql += " LIMIT " + std::to_string(request_.page_size + 1);
  if (place_.empty()) sql += " OFFSET " + std::to_string(std::uint64_t{request_.page - 1} * request_.page_size);
  return {{"SELECT count(*)" + from, params_}, {std::move(sql), std::move(rows)}};
}

std::string list_query::cursor_after(const result& rows, std::size_t line) const {
  const auto columns = static_cast<std::size_t>(PQnfields(rows.raw()));
  const bool null = rows.is_null(line, columns - 2);
  std::string text = order_name_ + "\n" + (descending_ ? "-" : "+") + "\n" + (null ? "n" : "v") + "\n";
  text.append(rows.text(line, columns - 1)).append("\n").append(rows.text(line, columns - 2));
  return encode_base64url(text);
}

} // namespace reverie::projections
