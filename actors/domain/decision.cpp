#include "actors/domain/decision.hpp"

#include <algorithm>
#include <span>

namespace reverie::actors {
namespace {

namespace user_events = events::user;
namespace session_events = events::session;
namespace character_events = events::character;
namespace bond_events = events::bond;

/// What each event is about; nil for those that never come first in a record.
struct subject_visitor {
  uuid operator()(const user_events::registered& happened) const { return happened.user.value; }
  uuid operator()(const user_events::profile_changed&) const { return {}; }
  uuid operator()(const user_events::roles_changed&) const { return {}; }

  uuid operator()(const session_events::opened& happened) const { return happened.session.value; }
  uuid operator()(const session_events::message_sent& happened) const { return happened.message.value; }
  uuid operator()(const session_events::reply_started& happened) const { return happened.reply.value; }
  uuid operator()(const session_events::reply_completed& happened) const { return happened.reply.value; }
  uuid operator()(const session_events::reply_failed& happened) const { return happened.reply.value; }
  uuid operator()(const session_events::message_edited& happened) const { return happened.message.value; }
  uuid operator()(const session_events::message_deleted& happened) const { return happened.message.value; }
  uuid operator()(const session_events::branch_selected& happened) const { return happened.leaf.value; }
  uuid operator()(const session_events::read_marked& happened) const { return happened.message.value; }
  uuid operator()(const session_events::closed& happened) const { return happened.session.value; }
  uuid operator()(const session_events::forked& happened) const { return happened.session.value; }

  uuid operator()(const character_events::created& happened) const { return happened.character.value; }
  uuid operator()(const character_events::card_replaced&) const { return {}; }
  uuid operator()(const character_events::deleted& happened) const { return happened.character.value; }

  uuid operator()(const bond_events::conversation_opened& happened) const { return happened.session.value; }
  uuid operator()(const bond_events::conversation_closed& happened) const { return happened.session.value; }
  uuid operator()(const bond_events::turn_observed& happened) const { return happened.message.value; }
  uuid operator()(const bond_events::fact_learned& happened) const { return happened.memory.value; }
  uuid operator()(const bond_events::fact_closed& happened) const { return happened.memory.value; }
  uuid operator()(const bond_events::fact_retracted& happened) const { return happened.memory.value; }
  uuid operator()(const bond_events::memory_forgotten& happened) const { return happened.memory.value; }
  uuid operator()(const bond_events::affinity_changed& happened) const {
    return happened.message ? happened.message->value : uuid{};
  }

  uuid operator()(const bond_events::turns_retracted& happened) const { return happened.session.value; }
  uuid operator()(const bond_events::forked& happened) const { return happened.bond.value; }

  template <class Payload>
  uuid operator()(const Payload&) const { return {}; }
};

} // namespace

uuid decision_context::fresh_id(std::uint64_t n) const {
  const auto drawn = events::derive_uuid("fresh", uuid{seed}, self.entity.id, n);
  // Ten bytes that hold neither version nor variant of the derived id.
  std::array<std::uint8_t, 10> random{};
  std::ranges::copy(std::span(drawn.bytes).first<6>(), random.begin());
  std::ranges::copy(std::span(drawn.bytes).last<4>(), random.begin() + 6);
  return events::make_uuid_v7(now, random);
}

uuid subject_of(std::span<const event> events) {
  // Closing ends a running reply in the same record, before it: the answer is about the conversation.
  for (const auto& each : events)
    if (const auto* closed = std::get_if<session_events::closed>(&each)) return closed->session.value;
  return events.empty() ? uuid{} : std::visit(subject_visitor{}, events.front());
}

} // namespace reverie::actors
