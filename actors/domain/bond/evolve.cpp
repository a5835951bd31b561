#include "actors/domain/bond/evolve.hpp"

#include "actors/domain/bond/axes.hpp"
#include "actors/domain/sorted_ids.hpp"
#include "events/model/limits.hpp"

namespace reverie::actors::bond {
namespace {

using events::event_context;

void apply(state& now, const events::bond::conversation_opened& one, const event_context&) {
  now.user = one.user;
  now.character = one.character;
  now.open_session = one.session;
}

void apply(state& now, const events::bond::conversation_closed& one, const event_context&) {
  if (now.open_session == one.session) now.open_session.reset();
}

void apply(state& now, const events::bond::turn_observed& one, const event_context& context) {
  if (!contains_id(now.observed, one.message)) now.last_turn_at = context.at;
  insert_id(now.observed, one.message);
  for (const auto& memory : one.restated)
    // What was said often enough rests on the first few of its messages: taking one back must fit a record.
    if (const auto at = now.facts.find(memory);
        at != now.facts.end() && at->second.restated.size() < events::limits::restatements_kept_per_fact)
      at->second.restated.push_back({one.session, one.message});
}

void apply(state& now, const events::bond::turns_retracted& one, const event_context&) {
  for (const auto& message : one.messages) insert_id(now.retracted, message);
  for (auto& [id, fact] : now.facts)
    std::erase_if(fact.restated, [&](const source& each) { return contains_id(now.retracted, each.message); });
}

void apply(state& now, const events::bond::fact_learned& one, const event_context&) {
  if (contains_id(now.forgotten, one.memory)) return;
  fact learned{one.attribute, one.subject, one.value, one.text, one.session, one.message, {}, one.valid_from, {}, {}, {}, one.rules};
  now.facts.insert_or_assign(one.memory, std::move(learned));
}

void apply(state& now, const events::bond::fact_closed& one, const event_context&) {
  const auto at = now.facts.find(one.memory);
  if (at == now.facts.end()) return;
  at->second.valid_to = one.valid_to;
  at->second.superseded_by = one.superseded_by;
  at->second.closed_in = one.message;
}

void apply(state& now, const events::bond::fact_retracted& one, const event_context&) {
  now.facts.erase(one.memory);
  for (const auto& memory : one.reopened) {
    const auto at = now.facts.find(memory);
    if (at == now.facts.end()) continue;
    at->second.valid_to.reset();
    at->second.superseded_by.reset();
    at->second.closed_in.reset();
  }
}

void apply(state& now, const events::bond::memory_forgotten& one, const event_context&) {
  const auto forget = [&](const memory_id& memory) {
    now.facts.erase(memory);
    insert_id(now.forgotten, memory);
  };
  forget(one.memory);
  for (const auto& memory : one.also_forgotten) forget(memory);
  for (const auto& message : one.barred) insert_id(now.barred, message);
}

void apply(state& now, const events::bond::affinity_changed& one, const event_context& context) {
  auto& axis = now.axes[one.axis];
  axis.value = one.value_after;
  if (one.delta > 0 && one.reason != removed_reason) {
    const auto today = day_of(context.at);
    if (axis.day != today) axis.gained_on_day = 0;
    axis.day = today;
    axis.gained_on_day += one.delta;
  }
  now.causes.push_back({one.axis, one.delta, one.reason, one.sentence, one.message, context.at});
  if (now.causes.size() > events::limits::affinity_causes_kept) now.causes.erase(now.causes.begin());
  if (!one.message) return;
  if (one.reason == removed_reason) {
    const auto moved = now.moved_by.find(*one.message);
    if (moved == now.moved_by.end()) return;
    moved->second.erase(one.axis);
    if (moved->second.empty()) now.moved_by.erase(moved);
  } else {
    now.moved_by[*one.message][one.axis] += one.delta;
  }
}

/// A copy with many facts comes in parts.
void apply(state& now, const events::bond::forked& one, const event_context&) {
  if (now.user.is_nil()) {
    now.user = one.user;
    now.character = one.character;
    now.last_turn_at = one.last_turn_at;
  }
  for (const auto& each : one.axes) now.axes[each.axis] = {each.value, each.day, each.gained_on_day};
  for (const auto& each : one.barred) insert_id(now.barred, each);
  for (const auto& each : one.forgotten) insert_id(now.forgotten, each);
  for (const auto& each : one.facts)
    now.facts.insert_or_assign(each.memory, fact{each.attribute, each.subject, each.value, each.text, each.session, each.message, {}, each.valid_from,
                                                 each.valid_to, each.superseded_by, each.closed_in, each.rules});
}

template <class Payload>
void apply(state&, const Payload&, const event_context&) {}

} // namespace

void evolve(state& now, const events::event& happened, const events::event_context& context) {
  std::visit([&](const auto& one) { apply(now, one, context); }, happened);
}

} // namespace reverie::actors::bond
