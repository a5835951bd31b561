#pragma once

#include "gateway/http/message.hpp"

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>

#include <optional>

namespace reverie::gateway {

/// Fills a request from its head: headers, id (the caller's when it is a good one), media type, path and query. An error when the head
/// alone says that the request can't be served: no or two `Host` (RFC 9112, section 3.2), an address that can't be read.
std::optional<api_error> read_head(http_request& into, const boost::beast::http::request_header<>& head, events::timestamp now);

/// Why an upgrade to WebSocket can't be taken (RFC 6455, section 4.2), in the words every other error has; nothing when it can.
std::optional<http_response> refuse_handshake(const http_request& request);

} // namespace reverie::gateway
