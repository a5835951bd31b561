#pragma once

#include "actors/domain/bond/turn_extraction.hpp"
#include "events/model/bond_events.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace reverie::actors::bond {

using events::field;
using events::memory_id;
using events::message_id;
using events::session_id;
using events::timestamp;

/// The answer names the open conversation: a new one, or the one that is open. `greeting` and `card_version` go on to the session.
struct open_conversation {
  static constexpr std::string_view name = "bond.open_conversation";
  events::user_id user;
  events::character_id character;
  std::uint32_t card_version = 1;
  std::string greeting;
  static constexpr auto fields =
      std::tuple{field("user_id", &open_conversation::user), field("character_id", &open_conversation::character),
                 field("card_version", &open_conversation::card_version), field("greeting", &open_conversation::greeting)};
};

/// From the session when it closes (an effect).
struct close_conversation {
  static constexpr std::string_view name = "bond.close_conversation";
  session_id session;
  static constexpr auto fields = std::tuple{field("session_id", &close_conversation::session)};
};

/// From the session for each message of the user: facts are taken up and the axes moved, once per message. Without an extraction the
/// rules extract the facts. It is no part of what the command says (not among the fields): a model asked twice may answer otherwise,
/// and it is the same command still.
struct observe_turn {
  static constexpr std::string_view name = "bond.observe_turn";
  session_id session;
  message_id message;
  std::string content;
  timestamp said_at{};
  std::optional<turn_extraction> extraction = {};
  static constexpr auto fields = std::tuple{field("session_id", &observe_turn::session), field("message_id", &observe_turn::message),
                                            field("content", &observe_turn::content), field("said_at", &observe_turn::said_at)};
};

/// From the session when messages were deleted or edited: what rested on them is retracted.
struct retract_turns {
  static constexpr std::string_view name = "bond.retract_turns";
  session_id session;
  std::vector<message_id> messages;
  static constexpr auto fields =
      std::tuple{field("session_id", &retract_turns::session), field("message_ids", &retract_turns::messages)};
};

/// The user has a memory forgotten: a fact, or an episode (whose memory id is derived from its message).
struct forget_memory {
  static constexpr std::string_view name = "bond.forget_memory";
  memory_id memory;
  std::optional<message_id> episode; ///< set when the memory is an episode: the message it is
  static constexpr auto fields = std::tuple{field("memory_id", &forget_memory::memory), field("episode_id", &forget_memory::episode)};
};

/// From an operator: an empty forked bond becomes the copy that the event describes.
struct fork {
  static constexpr std::string_view name = "bond.fork";
  events::bond::forked copy;
  static constexpr auto fields = std::tuple{field("copy", &fork::copy)};
};

using command = std::variant<open_conversation, close_conversation, observe_turn, retract_turns, forget_memory, fork>;

/// An episode's memory id, from its message: both the fold and the gateway can name it.
inline memory_id episode_of(message_id message) { return {events::derive_uuid("episode", message.value)}; }

} // namespace reverie::actors::bond
