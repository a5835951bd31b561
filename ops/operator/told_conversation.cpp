#include "ops/operator/told_conversation.hpp"

#include "actors/domain/bond/evolve.hpp"
#include "actors/domain/overloaded.hpp"
#include "actors/domain/session/evolve.hpp"
#include "actors/domain/session/tree.hpp"

namespace reverie::ops {

using events::outcome;

namespace {

void keep_texts(told_conversation& told, const events::recorded_event& each) {
  const auto at = each.context.at;
  std::visit(actors::overloaded{
                 [&](const events::session::opened& one) { told.messages[one.greeting] = {one.greeting_text, {}, {}, at}; },
                 [&](const events::session::message_sent& one) { told.messages[one.message] = {one.content, {}, {}, at}; },
                 [&](const events::session::message_edited& one) { told.messages[one.message] = {one.content, {}, {}, at}; },
                 [&](const events::session::reply_completed& one) { told.messages[one.reply] = {one.content, one.recalled, one.model, at}; },
                 [&](const events::session::forked& one) {
                   for (const auto& copied : one.messages) told.messages[copied.message] = {copied.content, copied.recalled, {}, copied.at};
                 },
                 [&](const events::session::message_deleted& one) {
                   for (const auto& message : one.removed) told.messages.erase(message);
                 },
                 [](const auto&) {},
             },
             each.payload);
}

template <class Belongs>
outcome<told_conversation> tell(const timeline_source& source, const entity_finder::place& of, Belongs belongs_to_then) {
  told_conversation told;
  const auto read = source(of, {1}, [&](const actors::entity_update& record) {
    for (const auto& each : record.happened) {
      told.last_sequence = each.context.sequence;
      actors::session::evolve(told.now, each.payload, each.context);
      keep_texts(told, each);
      if (!belongs_to_then(each)) continue;
      actors::session::evolve(told.then, each.payload, each.context);
      told.sequence = each.context.sequence;
      told.position = record.position;
      told.at = each.context.at;
    }
    return true;
  });
  if (!read) return std::unexpected(read.error());
  if (told.last_sequence.value == 0) return events::fail(events::failure_code::not_found, "There is no such conversation.");
  return told;
}

} // namespace

std::vector<events::message_id> told_conversation::branch_of(const actors::session::state& state) { return actors::session::branch_to(state, state.leaf); }

outcome<told_conversation> tell_conversation(const timeline_source& source, const entity_finder::place& of, std::optional<std::uint64_t> until) {
  return tell(source, of, [until](const events::recorded_event& each) { return !until || each.context.sequence.value <= *until; });
}

outcome<told_conversation> tell_fork(const timeline_source& source, const entity_finder::place& of) {
  return tell(source, of, [](const events::recorded_event& each) { return std::holds_alternative<events::session::forked>(each.payload); });
}

outcome<told_bond> tell_bond(const timeline_source& source, const entity_finder::place& of, const std::optional<events::log_position>& until) {
  told_bond told;
  const auto read = source(of, {1}, [&](const actors::entity_update& record) {
    for (const auto& each : record.happened) {
      actors::bond::evolve(told.now, each.payload, each.context);
      if (until && record.position.offset > until->offset) continue;
      actors::bond::evolve(told.then, each.payload, each.context);
      told.sequence = each.context.sequence;
    }
    return true;
  });
  if (!read) return std::unexpected(read.error());
  return told;
}

} // namespace reverie::ops
