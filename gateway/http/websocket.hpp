#pragma once

#include "gateway/http/serving.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <memory>
#include <optional>

namespace reverie::gateway {

/// Goes on with a connection as a chat WebSocket; `who` is there when the upgrade's header signed in.
void serve_websocket(serving& shared, std::shared_ptr<byte_stream_core> stream, std::size_t lane,
                     boost::beast::http::request<boost::beast::http::string_body> upgrade, std::optional<principal> who,
                     std::string request_id, std::unique_ptr<counted_connection> counted);

} // namespace reverie::gateway
