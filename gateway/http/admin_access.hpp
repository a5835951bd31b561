#pragma once

#include "gateway/bridge/operator_ports.hpp"
#include "gateway/http/message.hpp"

#include <nlohmann/json.hpp>

namespace reverie::gateway {

/// How an operator asked to see personal content, and why.
struct privacy_request {
  privacy_mode mode = privacy_mode::masked;
  std::string reason;
};

/// `privacy` and `reason` of a read: masked when nothing is said; `full` needs a reason, and is refused where the server's setting says so.
result<privacy_request> privacy_of(const http_request& request, bool full_allowed);

/// `page_size` and `cursor`, within the operators' limits.
result<std::size_t> page_size_of(const http_request& request);
result<std::string> cursor_of(const http_request& request);

/// A parameter that is a time, a position, a number; nothing when it is absent.
result<std::optional<events::timestamp>> time_of(const http_request& request, std::string_view name);
result<std::optional<std::uint64_t>> number_of(const http_request& request, std::string_view name);
/// A parameter as text; empty when absent.
std::string text_of(const http_request& request, std::string_view name);

/// The body of an action, and what is asked of it.
struct action_body {
  nlohmann::json fields = nlohmann::json::object();
  std::string confirm, reason;
};
result<action_body> action_body_of(const http_request& request);
/// The typed text must be the one that `…/impact` gave.
result<void> confirmed(const action_body& body, const std::string& wanted);

/// `kind/uuid` out of two segments of the path.
result<events::entity_ref> entity_in_path(const http_request& request);
/// The list of filters that records are searched by.
result<record_query> record_query_of(const http_request& request);

http_response document_response(int status, const document& body);
/// Items and cursor as one page: `items`, `next_cursor`, `has_more`, `total`.
document page_document(document items, const std::string& next_cursor, std::optional<std::uint64_t> total = std::nullopt);

} // namespace reverie::gateway
