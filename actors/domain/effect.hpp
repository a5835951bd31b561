#pragma once

#include "actors/domain/bond/commands.hpp"
#include "actors/domain/character/commands.hpp"
#include "actors/domain/session/commands.hpp"
#include "actors/domain/user/commands.hpp"
#include "events/model/event.hpp"

#include <variant>
#include <vector>

namespace reverie::actors {

/// A command to any kind of entity.
using any_command = std::variant<user::command, session::command, character::command, bond::command>;

/// Name of the command's type: `session.send_message`.
std::string_view name_of(const any_command& command);
/// The kind of entity that takes it.
events::entity_kind kind_of(const any_command& command);

/// Ask the model for a reply. Settled by reply_completed or reply_failed of the same reply.
struct generate_reply {
  static constexpr std::string_view name = "generate_reply";
  events::session_id session;
  events::user_id user;
  events::character_id character;
  events::message_id reply;
  std::uint32_t attempt = 1;
  static constexpr auto fields = std::tuple{
      events::field("session_id", &generate_reply::session), events::field("user_id", &generate_reply::user),
      events::field("character_id", &generate_reply::character), events::field("message_id", &generate_reply::reply),
      events::field("attempt", &generate_reply::attempt)};
};

/// Give a command to another entity; its command id is the effect's id, so it is done once. Settled by the record that carries that
/// id, or by the answer that nothing was to do. The command is made anew from the log when it is taken up again: its text is not
/// stored outside the sealed record.
struct deliver_command {
  events::entity_address target{};
  any_command command;
};

using effect = std::variant<generate_reply, deliver_command>;

/// Effects an event asks for, with their ids, and the ids of effects it settles.
struct reaction {
  std::vector<std::pair<events::effect_id, effect>> begin;
  std::vector<events::effect_id> settle;
};

/// Ids of effects are functions of what they are about.
inline events::effect_id generation_of(events::message_id reply) { return {events::derive_uuid("generate", reply.value)}; }
inline events::effect_id delivery_of(const events::entity_ref& from, events::sequence_number sequence, std::uint64_t index) {
  return {events::derive_uuid("deliver", from.id, {}, sequence.value * 16 + index)};
}

} // namespace reverie::actors
