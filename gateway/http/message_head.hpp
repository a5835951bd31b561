#pragma once

#include "gateway/http/message.hpp"

#include <string>
#include <string_view>

namespace reverie::gateway {

std::string lower_case(std::string_view text);

/// The API key or bearer token of a request; empty when it has none.
std::string credential_of(const http_request& request);

/// Status line and headers of an answer, with the empty line. Written by hand: it is short and goes out with its body in one write.
std::string head_of(const http_response& response, std::string_view request_id, bool keep_alive);

} // namespace reverie::gateway
