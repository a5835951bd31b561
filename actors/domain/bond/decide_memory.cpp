#include "actors/domain/bond/decide_memory.hpp"

#include "actors/domain/bond/axes.hpp"
#include "actors/domain/bond/evolve.hpp"
#include "actors/domain/bond/refusals.hpp"
#include "actors/domain/sorted_ids.hpp"

#include <algorithm>
#include <set>
#include <span>

namespace reverie::actors::bond {
namespace {

namespace happened = events::bond;

/// Events of one decision that build on each other: each is applied to a copy of the state before the next is thought of.
class draft {
public:
  draft(const state& now, const decision_context& context) : decision_(context), now_(now) {
    context_.entity = context.self;
    context_.at = context.now;
  }

  const state& now() const { return now_; }
  timestamp time() const { return decision_.now; }
  memory_id fresh_memory() { return {decision_.fresh_id(fresh_ids_++)}; }
  std::vector<event> take() { return std::move(events_); }

  template <class Payload>
  void add(Payload payload) {
    evolve(now_, events_.emplace_back(std::move(payload)), context_);
  }

private:
  const decision_context& decision_;
  std::uint64_t fresh_ids_ = 0;
  state now_;
  events::event_context context_;
  std::vector<event> events_;
};

/// Facts that `message` closed.
std::vector<memory_id> closed_in(const state& now, const message_id& message) {
  std::vector<memory_id> closed;
  for (const auto& [id, fact] : now.facts)
    if (fact.closed_in == message) closed.push_back(id);
  return closed;
}

std::vector<memory_id> learned_from(const state& now, const message_id& message) {
  std::vector<memory_id> learned;
  for (const auto& [id, fact] : now.facts)
    if (fact.message == message) learned.push_back(id);
  return learned;
}

/// A fact that was said again elsewhere is known from there, under a new id, with that message as its source.
void learn_from_restatement(draft& work, const fact& lost, const std::vector<memory_id>& superseded) {
  const auto memory = work.fresh_memory();
  const auto& first = lost.restated.front();
  work.add(happened::fact_learned{memory, lost.attribute, lost.subject, lost.value, lost.text, first.session, first.message,
                                  lost.valid_from, lost.extractor});
  for (const auto& again : std::span(lost.restated).subspan(1))
    work.add(happened::turn_observed{again.session, again.message, {memory}});
  for (const auto& id : superseded)
    work.add(happened::fact_closed{id, memory, first.message, lost.valid_from.value_or(work.time())});
  if (lost.valid_to && lost.closed_in)
    work.add(happened::fact_closed{memory, lost.superseded_by, *lost.closed_in, *lost.valid_to});
}

/// Takes one fact back. What it had superseded is open again, unless it was itself superseded: then its successor takes over.
void retract_fact(draft& work, const memory_id& memory) {
  const auto lost = work.now().facts.at(memory);
  std::vector<memory_id> superseded;
  for (const auto& [id, fact] : work.now().facts)
    if (fact.superseded_by == memory) superseded.push_back(id);
  work.add(happened::fact_retracted{memory, superseded});
  if (!lost.restated.empty()) return learn_from_restatement(work, lost, superseded);
  if (!lost.valid_to || !lost.closed_in) return;
  for (const auto& id : superseded) work.add(happened::fact_closed{id, lost.superseded_by, *lost.closed_in, *lost.valid_to});
}

void retract_turn(draft& work, const events::session_id& session, const message_id& message) {
  for (const auto& memory : learned_from(work.now(), message)) retract_fact(work, memory);
  // What the user's word alone had ended, with nothing new in its place.
  if (auto reopened = closed_in(work.now(), message); !reopened.empty())
    work.add(happened::fact_retracted{memory_id{}, std::move(reopened)});
  const auto moved = work.now().moved_by.find(message);
  if (moved == work.now().moved_by.end()) return;
  const auto changes = moved->second;
  for (const auto& [axis, delta] : changes) {
    const auto known = axis_of(axis);
    const auto value = known ? affinity_of(work.now())[*known] : 0.0;
    work.add(happened::affinity_changed{axis, -delta, std::clamp(value - delta, 0.0, 1.0), std::string(removed_reason),
                                        "A message that had moved this was removed.", message, affinity_rules_version, session});
  }
}

std::unexpected<rejection> unknown_memory() {
  return reject(rejection_code::not_found, "There is no such memory.", "memory_id");
}

} // namespace

decision decide_one(const state& now, const retract_turns& asked, const decision_context& context) {
  if (auto refused = refuse_person(context)) return std::unexpected(*refused);
  happened::turns_retracted retracted{asked.session, {}};
  for (const auto& message : asked.messages)
    if (!contains_id(now.retracted, message)) insert_id(retracted.messages, message);
  if (retracted.messages.empty()) return accepted{{}, asked.session.value};
  draft work(now, context);
  work.add(retracted);
  for (const auto& message : retracted.messages) retract_turn(work, asked.session, message);
  return accepted{work.take(), asked.session.value};
}

decision decide_one(const state& now, const forget_memory& asked, const decision_context& context) {
  if (auto refused = refuse_stranger(context)) return std::unexpected(*refused);
  if (contains_id(now.forgotten, asked.memory)) return accepted{{}, asked.memory.value};
  std::set<message_id> sources;
  if (asked.episode) {
    if (episode_of(*asked.episode) != asked.memory) return unknown_memory();
    sources.insert(*asked.episode);
  } else {
    const auto at = now.facts.find(asked.memory);
    if (at == now.facts.end()) return unknown_memory();
    sources.insert(at->second.message);
    for (const auto& again : at->second.restated) sources.insert(again.message);
  }
  happened::memory_forgotten forgotten{asked.memory, {}, {sources.begin(), sources.end()}};
  for (const auto& [id, fact] : now.facts)
    if (id != asked.memory && sources.contains(fact.message)) forgotten.also_forgotten.push_back(id);
  return accepted{{std::move(forgotten)}, asked.memory.value};
}

} // namespace reverie::actors::bond
