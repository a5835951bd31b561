#pragma once

#include "gateway/wire/session_frames.hpp"

#include "actors/runtime/interfaces.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reverie::gateway {

/// A frame as it goes onto sockets, with its WebSocket header: made once, shared by all devices of a person.
struct live_item {
  std::shared_ptr<const std::string> bytes;
  std::size_t payload_at = 0;                  ///< where the JSON begins in `bytes`
  std::optional<events::entity_position> position; ///< nothing for pieces and other frames that are not kept
  reply_step step = reply_step::none;
  events::message_id reply{}; ///< of reply frames and pieces
  std::uint32_t attempt = 0;
  std::uint32_t index = 0;
  bool piece = false;
};

/// What came at once: the frames of one record, or one piece.
struct live_batch {
  events::session_id conversation{};
  std::vector<live_item> items;
};
using shared_batch = std::shared_ptr<const live_batch>;

/// A frame that is no event.
live_item plain_item(const std::string& json);
live_item item_of(const session_frame& frame);
live_item item_of(const actors::reply_piece& piece);
live_item started_item(events::session_id conversation, const actors::live_reply& reply);
live_item piece_item(events::session_id conversation, const actors::live_reply& reply, std::uint32_t index);

/// The batch of an update; its items are empty when clients are told nothing of it.
live_batch batch_of(const actors::entity_update& update);

} // namespace reverie::gateway
