#include "actors/domain/bond/decide_memory.hpp"

#include "actors/domain/bond/axes.hpp"
#include "actors/domain/bond/evolve.hpp"
#include "actors/domain/bond/refusals.hpp"
#include "actors/domain/sorted_ids.hpp"

#include <algorithm>
#include <set>

namespace reverie::actors::bond {
namespace {

namespace happened = events::bond;

/// Events of one decision that build on each other: each is applied to a copy of the state before the next is thought of.
class draft {
public:
  draft(const state& now, const decision_context& context) : now_(now) {
    context_.entity = context.self;
    context_.at = context.now;
  }

  const state& now() const { return now_; }
  std::vector<event> take() { return std::move(events_); }

  template <class Payload>
  void add(Payload payload) {
    evolve(now_, events_.emplace_back(std::move(payload)), context_);
  }

private:
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

/// Takes one fact back. What it had superseded is open again, unless it was itself superseded: then its successor takes over.
void retract_fact(draft& work, const memory_id& memory) {
  const auto retracted = work.now().facts.at(memory);
  std::vector<memory_id> reopened;
  for (const auto& [id, fact] : work.now().facts)
    if (fact.superseded_by == memory) reopened.push_back(id);
  work.add(happened::fact_retracted{memory, reopened});
  if (!retracted.valid_to || !retracted.closed_in) return;
  for (const auto& id : reopened)
    work.add(happened::fact_closed{id, retracted.superseded_by, *retracted.closed_in, *retracted.valid_to});
}

void retract_turn(draft& work, const message_id& message) {
  for (const auto& memory : learned_from(work.now(), message)) retract_fact(work, memory);
  // What the user's word alone had ended, with nothing new in its place.
  if (auto reopened = closed_in(work.now(), message); !reopened.empty())
    work.add(happened::fact_retracted{memory_id{}, std::move(reopened)});
  const auto moved = work.now().moved_by.find(message);
  if (moved == work.now().moved_by.end()) return;
  const auto changes = moved->second;
  for (const auto& [axis, delta] : changes) {
    const auto stands = work.now().axes.find(axis);
    const auto value = stands == work.now().axes.end() ? 0.0 : stands->second.value;
    work.add(happened::affinity_changed{axis, -delta, std::clamp(value - delta, 0.0, 1.0), std::string(removed_reason),
                                        "A message that had moved this was removed.", message, 1});
  }
}

std::unexpected<rejection> unknown_memory() {
  return reject(rejection_code::not_found, "There is no such memory.", "memory_id");
}

} // namespace

decision decide_one(const state& now, const retract_turns& asked, const decision_context& context) {
  if (auto refused = refuse_person(context)) return std::unexpected(*refused);
  const auto is_observed = [&](const message_id& message) { return contains_id(now.observed, message); };
  if (std::ranges::none_of(asked.messages, is_observed)) return accepted{};
  draft work(now, context);
  for (const auto& message : asked.messages)
    if (is_observed(message)) retract_turn(work, message);
  return accepted{work.take(), {}};
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
    sources.insert(at->second.restated.begin(), at->second.restated.end());
  }
  happened::memory_forgotten forgotten{asked.memory, {}, {sources.begin(), sources.end()}};
  for (const auto& [id, fact] : now.facts)
    if (id != asked.memory && sources.contains(fact.message)) forgotten.also_forgotten.push_back(id);
  return accepted{{std::move(forgotten)}, asked.memory.value};
}

} // namespace reverie::actors::bond
