#pragma once

#include "gateway/bridge/blocking_pool.hpp"
#include "gateway/bridge/own_writes.hpp"
#include "gateway/bridge/ports.hpp"

#include <functional>

namespace reverie::gateway {

/// What the metrics want to know of a command: name, code of the answer (`ok` or an error's code), how long it took.
using command_observer = std::function<void(std::string_view name, std::string_view code, double milliseconds)>;

/// Gives commands of people to the actors: sees to it that the person's key is in memory first, and remembers the position of what was
/// acknowledged. Thread-safe.
class command_gate {
public:
  command_gate(gateway_ports& ports, blocking_pool& database, own_writes& written, command_observer observe);

  /// A command of `caller` with an id of its own when `id` is nil.
  actors::command_envelope envelope(events::user_id caller, events::entity_address target, actors::any_command command,
                                    events::command_id id = {}) const;

  /// Makes the person's key ready: `unavailable` when the vault can't be reached, `invalid_token` when the person was erased.
  task<result<void>> ready_for(events::user_id person);
  /// Whether the key is in memory now.
  bool is_ready_for(events::user_id person) const;

  task<result<actors::command_answer>> submit(actors::command_envelope envelope);

  /// For callers that keep order themselves and have the key ready; `done` comes on an actor thread.
  void submit_now(actors::command_envelope envelope, std::function<void(result<actors::command_answer>)> done);

  /// When an entity began, as its first record says; `otherwise` when the log can't be asked.
  task<events::timestamp> began_at(events::entity_address entity, events::timestamp otherwise);

  /// Stops the reply under way; `done` comes on an actor thread.
  void stop_reply(events::session_id session, events::user_id caller, std::function<void(result<actors::command_answer>)> done);

private:
  gateway_ports& ports_;
  blocking_pool& database_;
  own_writes& written_;
  command_observer observe_;
};

/// The command id of something a client named itself: the same name of the same person is the same command. It keeps the moment of a
/// version 7 name, so that one older than the kept answers is refused as expired and never done twice.
events::command_id command_id_of(events::user_id user, const std::optional<events::uuid>& client_message);

} // namespace reverie::gateway
