#pragma once

#include "gateway/bridge/command_gate.hpp"
#include "gateway/bridge/row_reader.hpp"
#include "gateway/bridge/throttle.hpp"
#include "gateway/wire/character_card.hpp"

#include <optional>
#include <string>

namespace reverie::gateway {

/// A conversation that was asked for.
struct opened_conversation {
  projections::conversation_row row;
  bool fresh = false; ///< false: it was open already
};

/// A character that was imported.
struct created_character {
  projections::character_row row;
  events::log_position position{};
};

/// A message that was taken, and where.
struct sent_message {
  events::session_id conversation{};
  actors::command_answer answer;
};

/// What a person does with characters, conversations and memories, as commands to the actors. Thread-safe.
class chat_service {
public:
  chat_service(gateway_ports& ports, blocking_pool& database, command_gate& commands, row_reader& rows,
               std::uint32_t messages_per_minute);

  /// Imports a card as the caller's own character.
  task<result<created_character>> create_character(events::user_id owner, std::string media_type, std::string bytes);

  /// Asks the bond for its open conversation and waits until that session is there.
  task<result<opened_conversation>> open(events::user_id user, events::character_id character);
  /// Also breaks off the reply under way, so that the model is not kept busy for nobody.
  task<result<actors::command_answer>> close(events::user_id user, events::session_id conversation);

  /// A message over REST. Over the rate limit: `rate_limited`.
  task<result<actors::command_answer>> send(events::user_id user, events::session_id conversation, std::string content,
                                            std::optional<events::uuid> client_message);
  /// A message to a character, into the open conversation or a new one. An id that was done before is answered as it was then, also
  /// when its conversation was closed since. Over the rate limit it must be refused by the caller.
  task<result<sent_message>> send_to(events::user_id user, events::character_id character, std::string content,
                                     std::optional<events::uuid> client_message);
  /// One message of this person: nothing, or `rate_limited` with when to try again.
  std::optional<api_error> over_rate(events::user_id user);
  std::uint32_t messages_per_minute() const { return messages_.per_minute(); }

  /// Forgets for good.
  task<result<actors::command_answer>> forget(events::user_id user, events::memory_id memory);

  /// Whether the conversation is this person's, asked of the projection first and of the log when that does not know.
  task<result<bool>> is_of(events::user_id user, events::session_id conversation);
  /// Where the conversation stands in the projection; nothing when that can't be asked.
  task<std::optional<events::entity_position>> last_position(events::user_id user, events::session_id conversation);

private:
  task<result<std::optional<events::log_position>>> wait_opened(events::user_id user, events::session_id session,
                                                                std::shared_ptr<class opening_watch> watch);
  task<result<std::optional<sent_message>>> send_where_known(events::user_id user, events::character_id character, std::string content,
                                                             events::uuid client_message);
  task<result<actors::command_answer>> submit_message(events::user_id user, events::session_id conversation, std::string content,
                                                      std::optional<events::uuid> client_message);
  task<result<bool>> opened_in_log(events::user_id user, events::session_id session);

  gateway_ports& ports_;
  blocking_pool& database_;
  command_gate& commands_;
  row_reader& rows_;
  throttle messages_;
};

} // namespace reverie::gateway
