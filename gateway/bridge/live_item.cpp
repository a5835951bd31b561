#include "gateway/bridge/live_item.hpp"

#include "gateway/wire/server_frames.hpp"

namespace reverie::gateway {

live_item plain_item(const std::string& json) {
  live_item item;
  item.bytes = std::make_shared<const std::string>(with_websocket_header(json));
  item.payload_at = item.bytes->size() - json.size();
  return item;
}

live_item item_of(const session_frame& frame) {
  auto item = plain_item(frame.text);
  item.position = frame.position;
  item.step = frame.step;
  item.reply = frame.reply;
  item.attempt = frame.attempt;
  return item;
}

live_item item_of(const actors::reply_piece& piece) {
  auto item = plain_item(reply_delta_frame(piece.session, piece.reply, piece.attempt, piece.index, piece.text));
  item.reply = piece.reply;
  item.attempt = piece.attempt;
  item.index = piece.index;
  item.piece = true;
  return item;
}

live_item started_item(events::session_id conversation, const actors::live_reply& reply) {
  const events::entity_position place{reply.started_at, reply.started_sequence};
  auto item = plain_item(reply_started_frame(conversation, reply.reply, reply.parent, reply.attempt, place));
  item.position = place;
  item.step = reply_step::started;
  item.reply = reply.reply;
  item.attempt = reply.attempt;
  return item;
}

live_item piece_item(events::session_id conversation, const actors::live_reply& reply, std::uint32_t index) {
  return item_of(actors::reply_piece{conversation, {}, reply.reply, reply.attempt, index, reply.pieces[index]});
}

live_batch batch_of(const actors::entity_update& update) {
  live_batch batch{{update.entity.entity.id}, {}};
  for (const auto& frame : frames_of(update.happened)) batch.items.push_back(item_of(frame));
  return batch;
}

} // namespace reverie::gateway
