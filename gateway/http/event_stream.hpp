#pragma once

#include "gateway/http/serving.hpp"

#include <memory>
#include <optional>
#include <string>

namespace reverie::gateway {

inline constexpr std::string_view event_stream_path = "/api/v1/sse/conversations";

/// Goes on with a connection as a server-sent event stream of one conversation: the frames of the chat WebSocket, each as
/// `data: {json}`, then `data: [DONE]` when the conversation is closed or the server stops.
void serve_event_stream(serving& shared, std::shared_ptr<byte_stream_core> stream, std::size_t lane, principal who,
                        events::session_id conversation, std::optional<events::entity_position> after, std::string request_id,
                        std::unique_ptr<counted_connection> counted);

} // namespace reverie::gateway
