#pragma once

#include "gateway/wire/api_error.hpp"

#include "events/model/entity_position.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace reverie::gateway {

/// What a client may say over the WebSocket (wire.md section 3).
enum class client_frame_kind : std::uint8_t {
  authenticate,
  message_send,
  subscribe,
  reply_stop,
  message_edit,
  message_delete,
  message_regenerate,
  branch_select,
  read,
  typing,
  ping,
};

/// A frame whose fields were checked for its kind: ids that the kind needs are there.
struct client_frame {
  client_frame_kind kind{};
  std::string content;
  std::optional<events::session_id> conversation;
  std::optional<events::character_id> character;
  std::optional<events::message_id> message;
  std::optional<events::uuid> client_message;
  std::optional<events::entity_position> after;
};

/// Why a frame was not taken.
struct frame_refusal {
  api_error error;
  std::string client_message_id; ///< as sent, when there was one
  bool not_json = false;         ///< the connection is closed with 1007
};

std::expected<client_frame, frame_refusal> parse_client_frame(std::string_view text);

} // namespace reverie::gateway
