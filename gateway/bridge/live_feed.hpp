#pragma once

#include "gateway/bridge/live_item.hpp"

#include <cstddef>
#include <vector>

namespace reverie::gateway {

/// Decides, for one connection, which frames go out and in which order: live frames of all conversations, and, for one that catches
/// up, history first with what comes live held back meanwhile, so that nothing is missing, doubled or out of order. Pieces of a reply
/// go out only behind its `reply.started`, each index once. Pure; used on the connection's thread.
class live_feed {
public:
  using frames = std::vector<live_item>;

  /// What came live. False when a conversation that catches up holds back too much: the connection is too slow.
  [[nodiscard]] bool take(const live_batch& batch, frames& out);

  /// From now on, live frames of this conversation are held back. False when it catches up already.
  [[nodiscard]] bool begin_catch_up(events::session_id conversation, std::optional<events::entity_position> after);
  /// A record from the log, in order; gives how many frames went out.
  std::size_t history(events::session_id conversation, const live_batch& batch, frames& out);
  /// The log's end was reached. `now` is the reply under way at this moment.
  void end_catch_up(events::session_id conversation, const std::optional<actors::live_reply>& now, frames& out);
  /// It did not work: what was held back goes out as it is.
  void abandon_catch_up(events::session_id conversation, frames& out);

  /// The last position that went out in a conversation this connection caught up with.
  std::optional<events::entity_position> sent_up_to(events::session_id conversation) const;
  bool catches_up(events::session_id conversation) const;
  std::size_t catching_up() const;

private:
  struct conversation {
    events::session_id id{};
    bool behind = false;
    std::optional<events::entity_position> sent;
    std::vector<live_item> held;
    bool replying = false;
    events::message_id reply{};
    std::uint32_t attempt = 0;
    std::uint32_t next_index = 0;
    events::message_id ended{}; ///< the reply that ended last
    std::uint32_t ended_attempt = 0;
  };

  conversation* find(events::session_id id);
  const conversation* find(events::session_id id) const;
  conversation& at(events::session_id id);
  void forget_settled();
  static void pass(conversation& of, const live_item& item, frames& out);
  static void advance(conversation& of, const live_item& item);
  static void send_pieces(conversation& of, const actors::live_reply& now, frames& out);

  std::vector<conversation> conversations_; ///< those with a reply under way, catching up, or caught up with
};

} // namespace reverie::gateway
