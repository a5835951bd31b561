#include "gateway/http/admin_access.hpp"

#include "gateway/bridge/operator_limits.hpp"
#include "gateway/wire/json_input.hpp"
#include "gateway/wire/text_checks.hpp"

#include <algorithm>
#include <charconv>

namespace reverie::gateway {

namespace {

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char each) { return (static_cast<unsigned char>(each) & 0xC0U) != 0x80U; }));
}

std::unexpected<api_error> wrong(std::string message, std::string_view param) {
  return std::unexpected(validation_error(std::move(message), std::string(param)));
}

template <class Id>
result<std::optional<Id>> id_of(const http_request& request, std::string_view name) {
  const auto text = text_of(request, name);
  if (text.empty()) return std::optional<Id>{};
  const auto id = events::parse_uuid(text);
  if (!id) return wrong("This must be a UUID.", name);
  return std::optional<Id>(Id{*id});
}

} // namespace

std::string text_of(const http_request& request, std::string_view name) { return std::string(value_of(request.query, name).value_or("")); }

result<privacy_request> privacy_of(const http_request& request, bool full_allowed) {
  privacy_request asked;
  if (const auto text = value_of(request.query, "privacy"); text && !text->empty()) {
    const auto mode = parse_privacy(*text);
    if (!mode) return wrong("privacy is none, masked or full.", "privacy");
    asked.mode = *mode;
  }
  asked.reason = text_of(request, "reason");
  if (auto fits = check_text(asked.reason, operator_limits::reason_bytes, "reason"); !fits) return std::unexpected(fits.error());
  if (characters_in(asked.reason) > operator_limits::reason_characters) return wrong("A reason has at most 500 characters.", "reason");
  if (asked.mode != privacy_mode::full) return asked;
  if (!full_allowed) return std::unexpected(permission_error("This server does not show personal content unmasked."));
  if (is_blank(asked.reason)) return wrong("Say why personal content is to be shown.", "reason");
  return asked;
}

result<std::size_t> page_size_of(const http_request& request) {
  const auto size = number_of(request, "page_size");
  if (!size) return std::unexpected(size.error());
  if (*size && (**size == 0 || **size > operator_limits::page_size)) return wrong("page_size is a number from 1 to 200.", "page_size");
  return size->value_or(operator_limits::page_size_default);
}

result<std::string> cursor_of(const http_request& request) {
  auto cursor = text_of(request, "cursor");
  if (cursor.size() > operator_limits::cursor_bytes) return wrong("This is not a cursor.", "cursor");
  return cursor;
}

result<std::optional<events::timestamp>> time_of(const http_request& request, std::string_view name) {
  const auto text = text_of(request, name);
  if (text.empty()) return std::optional<events::timestamp>{};
  const auto time = events::parse_rfc3339(text);
  if (!time) return wrong("This must be a time (RFC 3339).", name);
  return time;
}

result<std::optional<std::uint64_t>> number_of(const http_request& request, std::string_view name) {
  const auto text = text_of(request, name);
  if (text.empty()) return std::optional<std::uint64_t>{};
  const auto number = number_in(text);
  if (!number) return wrong("This must be a number.", name);
  return number;
}

result<action_body> action_body_of(const http_request& request) {
  action_body body;
  if (request.body.empty()) return body;
  auto fields = parse_object(request.body);
  if (!fields) return std::unexpected(fields.error());
  body.fields = std::move(*fields);
  for (auto [name, into] : {std::pair{"confirm", &body.confirm}, std::pair{"reason", &body.reason}}) {
    auto text = optional_text(body.fields, name, operator_limits::reason_bytes);
    if (!text) return std::unexpected(text.error());
    *into = text->value_or("");
  }
  if (characters_in(body.reason) > operator_limits::reason_characters) return wrong("A reason has at most 500 characters.", "reason");
  return body;
}

result<void> confirmed(const action_body& body, const std::string& wanted) {
  if (body.confirm == wanted) return {};
  return wrong("Type '" + wanted + "' to confirm.", "confirm");
}

result<events::entity_ref> entity_in_path(const http_request& request) {
  const auto kind = request.path_values.empty() ? std::nullopt : events::parse_entity_kind(request.path_values[0]);
  const auto id = request.path_values.size() < 2 ? std::nullopt : events::parse_uuid(request.path_values[1]);
  if (!kind || !id) return std::unexpected(not_found_error("There is no such entity."));
  return events::entity_ref{*kind, *id};
}

result<record_query> record_query_of(const http_request& request) {
  record_query query;
  const auto partition = number_of(request, "partition");
  if (!partition) return std::unexpected(partition.error());
  if (*partition) {
    if (**partition > UINT32_MAX) return wrong("There is no such partition.", "partition");
    query.partition = events::partition_number{static_cast<std::uint32_t>(**partition)};
  }
  if (const auto entity = text_of(request, "entity"); !entity.empty()) {
    query.entity = events::parse_entity(entity);
    if (!query.entity) return wrong("An entity is kind/uuid.", "entity");
  }
  query.type = text_of(request, "type");
  if (query.type.size() > 100) return wrong("This is not the type of an event.", "type");
  const auto correlation = id_of<events::correlation_id>(request, "correlation_id");
  if (!correlation) return std::unexpected(correlation.error());
  query.correlation = *correlation;
  const auto command = id_of<events::command_id>(request, "command_id");
  if (!command) return std::unexpected(command.error());
  query.command = *command;
  for (auto [name, into] : {std::pair{"since", &query.since}, std::pair{"until", &query.until}}) {
    const auto time = time_of(request, name);
    if (!time) return std::unexpected(time.error());
    *into = *time;
  }
  const auto direction = text_of(request, "direction");
  if (!direction.empty() && direction != "forward" && direction != "backward") return wrong("direction is forward or backward.", "direction");
  query.forward = direction == "forward";
  const auto size = page_size_of(request);
  if (!size) return std::unexpected(size.error());
  query.page_size = *size;
  auto cursor = cursor_of(request);
  if (!cursor) return std::unexpected(cursor.error());
  query.cursor = std::move(*cursor);
  return query;
}

http_response document_response(int status, const document& body) {
  auto response = json_response(status, body.dump(-1, ' ', false, document::error_handler_t::replace));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

document page_document(document items, const std::string& next_cursor, std::optional<std::uint64_t> total) {
  return {{"items", std::move(items)}, {"next_cursor", next_cursor.empty() ? document(nullptr) : document(next_cursor)},
          {"has_more", !next_cursor.empty()}, {"total", total ? document(*total) : document(nullptr)}};
}

} // namespace reverie::gateway
