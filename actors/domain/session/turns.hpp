#pragma once

#include "actors/domain/session/state.hpp"

#include <vector>

namespace reverie::actors::session {

/// One message of the active branch as a prompt sees it.
struct turn {
  message_id message{};
  role by = role::user;
  node_state state = node_state::complete;
  std::optional<std::string> text;  ///< absent when it is no longer kept: read the event at `text_at` again
  sequence_number text_at{};        ///< sequence of the event that holds the text
  std::vector<events::memory_id> recalled = {}; ///< of a reply whose text is kept: memories that stood in its prompt
};

/// The active branch from its root to its leaf, without replies that have no text (running, failed).
std::vector<turn> active_turns(const state& now);

/// The turns that the running reply answers: the branch from the root to its parent. Messages that came after the reply was started
/// are not among them. Empty when no reply is running.
std::vector<turn> turns_to_answer(const state& now);

} // namespace reverie::actors::session
