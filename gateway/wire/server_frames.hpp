#pragma once

#include "gateway/wire/api_error.hpp"

#include "events/model/entity_position.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Frames of the server that are no events (wire.md section 3), as JSON text.
namespace reverie::gateway {

std::string ready_frame(events::user_id user, const events::uuid& connection, std::uint32_t heartbeat_s);

/// What an accepted frame is answered with.
struct acknowledgement {
  std::optional<events::uuid> client_message;
  events::session_id conversation{};
  events::uuid message{}; ///< nil: it concerns none
  std::optional<events::entity_position> position; ///< of what was kept, or where the conversation stands; nothing when that is not known
};
std::string ack_frame(const acknowledgement& ack);

std::string subscribed_frame(events::session_id conversation, const std::optional<events::entity_position>& position,
                             std::uint64_t replayed);
std::string pong_frame();
std::string typing_frame(events::session_id conversation, std::string_view role);
std::string error_frame(const api_error& error, std::string_view request_id, std::string_view client_message_id,
                        const std::optional<events::session_id>& conversation);

std::string reply_started_frame(events::session_id conversation, events::message_id reply, events::message_id parent,
                                std::uint32_t attempt, const events::entity_position& position);
std::string reply_delta_frame(events::session_id conversation, events::message_id reply, std::uint32_t attempt, std::uint32_t index,
                              std::string_view text);

/// A text frame of the WebSocket protocol (RFC 6455, final, unmasked) around a payload: made once, sent to every device as it is.
std::string with_websocket_header(std::string_view payload);

} // namespace reverie::gateway
