#pragma once

#include "actors/domain/session/turns.hpp"
#include "tests/support/given_when_then.hpp"

#include <string>

namespace reverie::tests {

namespace session_events = events::session;
namespace session = actors::session;

inline const events::user_id ada{test_id(1)};
inline const events::user_id eve{test_id(2)};
inline const events::character_id mira{test_id(3)};

/// A conversation of Ada with Mira: `send`, `reply` and so on are whole commands, in words.
class conversation : public given_when_then {
public:
  explicit conversation(std::string greeting = {}) : given_when_then{{{events::entity_kind::session, test_id(9)}, test_id(1)}} {
    by_the_system().when(session::command{session::open{ada, mira, 1, std::move(greeting)}});
    by(ada);
  }

  conversation& ask(session::command command) { return when(std::move(command)), *this; }
  conversation& send(std::string text, std::optional<events::uuid> client_message = {}) {
    return ask(session::send_message{std::move(text), client_message});
  }
  conversation& edit(events::message_id message, std::string text) { return ask(session::edit_message{message, std::move(text)}); }
  conversation& remove(events::message_id message) { return ask(session::delete_message{message}); }

  /// Ends the running reply, as the generation effect does.
  conversation& reply(std::string text, std::string finish_reason = "stop") {
    const auto turn = now().turn.value_or(session::open_turn{});
    by_the_system().when(session::command{session::complete_reply{turn.reply, turn.attempt, std::move(text), std::move(finish_reason), "m", {}, "{}"}});
    by(ada);
    return *this;
  }
  conversation& fail() {
    const auto turn = now().turn.value_or(session::open_turn{});
    by_the_system().when(session::command{session::fail_reply{turn.reply, turn.attempt, "model_unavailable", "Not now.", true}});
    by(ada);
    return *this;
  }

  const session::state& now() const { return state<session::state>(); }
  events::message_id leaf() const { return now().leaf.value_or(events::message_id{}); }
  events::message_id running() const { return now().turn ? now().turn->reply : events::message_id{}; }
  events::message_id last_subject() const { return {subject()}; }

  /// The active branch as one reads it: "user: Hello | character: Hi".
  std::string reads() const { return text_of(session::active_turns(now())); }
  std::string text_of(const std::vector<session::turn>& turns) const {
    std::string all;
    for (const auto& turn : turns)
      all += (all.empty() ? "" : " | ") + std::string(turn.by == session::role::user ? "user: " : "character: ") + turn.text.value_or("?");
    return all;
  }
};

} // namespace reverie::tests
