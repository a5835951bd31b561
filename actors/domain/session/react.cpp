#include "actors/domain/session/react.hpp"

#include "actors/domain/overloaded.hpp"

#include <algorithm>
#include <span>

namespace reverie::actors::session {
namespace {

using events::event_context;

/// A command to the bond of this conversation's user and character; of a fork to the one that goes with it.
std::pair<events::effect_id, effect> to_bond(const state& now, const event_context& context, std::uint64_t index,
                                             bond::command command) {
  const auto& self = context.entity.entity;
  const auto target = events::is_fork(self.kind)
                          ? events::entity_ref{events::entity_kind::forked_bond, events::forked_bond_of({self.id}).value}
                          : events::entity_ref{events::entity_kind::bond, events::bond_of(now.user, now.character).value};
  return {delivery_of(context.entity.entity, context.sequence, index), deliver_command{{target, now.user.value}, std::move(command)}};
}

/// Messages that are taken back by one command, so that the record it leads to stays within limits::events_per_record.
constexpr std::size_t messages_per_retraction = 1;

reaction retract(const state& now, const event_context& context, std::span<const message_id> messages) {
  reaction asked;
  while (!messages.empty()) {
    const auto some = messages.first(std::min(messages.size(), messages_per_retraction));
    auto [id, command] = to_bond(now, context, 0, bond::retract_turns{{context.entity.entity.id}, {some.begin(), some.end()}});
    id = {events::derive_uuid("retract", context.entity.entity.id, some.front().value, context.sequence.value)};
    asked.begin.emplace_back(id, std::move(command));
    messages = messages.subspan(some.size());
  }
  return asked;
}

} // namespace

reaction react(const state& now, const events::event& happened, const events::event_context& context) {
  const events::session_id self{context.entity.entity.id};
  return std::visit(
      overloaded{
          [&](const events::session::message_sent& one) -> reaction {
            return {{to_bond(now, context, 0, bond::observe_turn{self, one.message, one.content, context.at})}, {}};
          },
          [&](const events::session::message_edited& one) -> reaction {
            return {{to_bond(now, context, 0, bond::retract_turns{self, {one.replaces}}),
                     to_bond(now, context, 1, bond::observe_turn{self, one.message, one.content, context.at})},
                    {}};
          },
          [&](const events::session::message_deleted& one) -> reaction {
            return retract(now, context, one.removed);
          },
          [&](const events::session::reply_started& one) -> reaction {
            return {{{generation_of(one.reply), generate_reply{self, now.user, now.character, one.reply, one.attempt}}}, {}};
          },
          [&](const events::session::reply_completed& one) -> reaction { return {{}, {generation_of(one.reply)}}; },
          [&](const events::session::reply_failed& one) -> reaction { return {{}, {generation_of(one.reply)}}; },
          [&](const events::session::closed&) -> reaction {
            if (events::is_fork(context.entity.entity.kind)) return {}; // it is nobody's open conversation
            return {{to_bond(now, context, 0, bond::close_conversation{self})}, {}};
          },
          [](const auto&) -> reaction { return {}; },
      },
      happened);
}

} // namespace reverie::actors::session
