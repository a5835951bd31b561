#include "gateway/http/list_parameters.hpp"

#include "events/model/limits.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace reverie::gateway {

using projections::list_field;
using projections::list_filter;
using projections::list_request;
namespace limits = events::limits;

namespace {

constexpr std::array<std::string_view, 10> operators{"eq", "ne", "gt", "gte", "lt", "lte", "in", "like", "is_null", "is_not_null"};
constexpr std::uint32_t page_max = 1'000'000;

std::optional<std::uint32_t> number_of(std::string_view text) {
  std::uint32_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

const list_field* field_named(std::span<const list_field> fields, std::string_view name) {
  auto found = std::ranges::find(fields, name, &list_field::name);
  return found == fields.end() ? nullptr : &*found;
}

bool fits(const list_field& field, std::string_view value) {
  switch (field.type) {
  case list_field::kind::uuid: return events::parse_uuid(value).has_value();
  case list_field::kind::time: return events::parse_rfc3339(value).has_value();
  case list_field::kind::boolean: return value == "true" || value == "false";
  case list_field::kind::number: {
    double number = 0;
    auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    return error == std::errc{} && end == value.data() + value.size() && !value.empty();
  }
  case list_field::kind::text:
  case list_field::kind::text_list: return true;
  }
  return false;
}

bool all_fit(const list_field& field, std::string_view op, std::string_view value) {
  if (op == "is_null" || op == "is_not_null") return true;
  if (field.type == list_field::kind::text_list && (op.starts_with('g') || op.starts_with("lt"))) return false; // lists have no order
  if (op == "like") return field.type == list_field::kind::text || field.type == list_field::kind::text_list;
  if (op != "in") return fits(field, value);
  while (true) {
    auto bar = value.find('|');
    if (!fits(field, value.substr(0, bar))) return false;
    if (bar == std::string_view::npos) return true;
    value.remove_prefix(bar + 1);
  }
}

/// `field:op:value`; the value may hold colons.
result<list_filter> filter_of(std::string_view text, std::span<const list_field> fields) {
  auto wrong = [](std::string message) { return std::unexpected(validation_error(std::move(message), "filter")); };
  auto colon = text.find(':');
  if (colon == std::string_view::npos) return wrong("A filter is field:op:value.");
  auto rest = text.substr(colon + 1);
  auto second = rest.find(':');
  list_filter filter{std::string(text.substr(0, colon)), std::string(rest.substr(0, second)),
                     second == std::string_view::npos ? std::string() : std::string(rest.substr(second + 1))};
  const auto* field = field_named(fields, filter.field);
  if (field == nullptr) return wrong("This list can't be filtered by this field.");
  if (std::ranges::find(operators, filter.op) == operators.end()) return wrong("This operator is not known.");
  if (!all_fit(*field, filter.op, filter.value)) return wrong("The value does not fit the field.");
  return filter;
}

result<void> read_filters(std::string_view text, std::span<const list_field> fields, list_request& request) {
  while (!text.empty()) {
    auto comma = text.find(',');
    auto filter = filter_of(text.substr(0, comma), fields);
    if (!filter) return std::unexpected(std::move(filter.error()));
    if (request.filters.size() == limits::filter_terms) {
      return std::unexpected(validation_error("At most 10 filters.", "filter"));
    }
    request.filters.push_back(std::move(*filter));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return {};
}

} // namespace

result<list_request> list_request_of(const form_fields& query, std::span<const list_field> fields) {
  list_request request;
  request.page_size = limits::page_size_default;
  for (const auto& [name, value] : query) {
    if (name == "page") {
      auto page = number_of(value);
      if (!page || *page == 0 || *page > page_max) return std::unexpected(validation_error("page is a number from 1.", "page"));
      request.page = *page;
    } else if (name == "page_size") {
      auto size = number_of(value);
      if (!size || *size == 0 || *size > limits::page_size) {
        return std::unexpected(validation_error("page_size is a number from 1 to 100.", "page_size"));
      }
      request.page_size = *size;
    } else if (name == "cursor") {
      if (value.size() > 512) return std::unexpected(validation_error("This is not a cursor.", "cursor"));
      request.cursor = value;
    } else if (name == "filter") {
      if (auto read = read_filters(value, fields, request); !read) return std::unexpected(std::move(read.error()));
    } else if (name == "sort" && !value.empty()) {
      request.descending = value.front() == '-';
      request.sort_field = request.descending ? value.substr(1) : value;
      const auto* field = field_named(fields, request.sort_field);
      if (field == nullptr || field->type == list_field::kind::text_list) {
        return std::unexpected(validation_error("This list can't be sorted by this field.", "sort"));
      }
    }
  }
  return request;
}

api_error list_error(api_error error, const list_request& asked) {
  if (error.status != 400 || !error.param.empty()) return error;
  if (!asked.cursor.empty()) return validation_error("This cursor does not belong to this list.", "cursor");
  error.param = asked.filters.empty() ? "sort" : "filter";
  error.message = asked.filters.empty() ? "This list can't be sorted so." : "The value does not fit the field.";
  return error;
}

result<std::optional<events::log_position>> min_position_of(const form_fields& query) {
  auto text = value_of(query, "min_position");
  if (!text || text->empty()) return std::nullopt;
  auto position = events::parse_record_position(*text);
  if (!position) return std::unexpected(validation_error("This is not a position.", "min_position"));
  return position;
}

} // namespace reverie::gateway
