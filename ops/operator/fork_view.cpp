#include "ops/operator/fork_view.hpp"

#include <algorithm>
#include <set>

namespace reverie::ops {

using gateway::document;
using gateway::personal_text;
using gateway::privacy_mode;
namespace session = actors::session;

namespace {

constexpr std::size_t shared_shown = 20; ///< of the messages before the fork, the last ones
constexpr std::size_t own_shown = 200;   ///< of each side, the first ones
constexpr std::size_t facts_shown = 200;

std::string_view state_word(session::node_state state) {
  switch (state) {
  case session::node_state::complete: return "complete";
  case session::node_state::failed: return "failed";
  case session::node_state::stopped: return "stopped";
  case session::node_state::generating: break;
  }
  return "generating";
}

document told_view(const told_conversation& told, const events::message_id& id, privacy_mode privacy) {
  const auto& node = told.now.nodes.at(id);
  const auto found = told.messages.find(id);
  const bool any = found != told.messages.end();
  return {{"id", events::to_string(id)},
          {"role", node.by == session::role::user ? "user" : "character"},
          {"content", any ? personal_text(found->second.content, privacy) : document(nullptr)},
          {"state", state_word(node.state)},
          {"model", any && !found->second.model.empty() ? document(found->second.model) : document(nullptr)},
          {"recalled", any ? found->second.recalled.size() : 0},
          {"at", any ? document(events::format_rfc3339(found->second.at)) : document(nullptr)}};
}

document messages_view(const told_conversation& told, std::span<const events::message_id> which, privacy_mode privacy) {
  auto all = document::array();
  for (const auto& id : which) all.push_back(told_view(told, id, privacy));
  return all;
}

document side_view(const told_conversation& told, std::span<const events::message_id> own, privacy_mode privacy) {
  const auto shown = own.first(std::min(own.size(), own_shown));
  return {{"state", told.now.closed ? "closed" : "open"}, {"replying", told.now.turn.has_value()}, {"total", own.size()},
          {"last_sequence", told.last_sequence.value}, {"messages", messages_view(told, shown, privacy)}};
}

document value_of(const actors::bond::state& bond, const std::string& axis) {
  const auto found = bond.axes.find(axis);
  return found == bond.axes.end() ? document(0.0) : document(found->second.value);
}

document axes_view(const told_bond& original, const told_bond& fork) {
  std::set<std::string> names;
  for (const auto* bond : {&original.now, &fork.then, &fork.now})
    for (const auto& [name, axis] : bond->axes) names.insert(name);
  auto all = document::array();
  for (const auto& name : names)
    all.push_back({{"axis", name}, {"at_fork", value_of(original.then, name)}, {"original", value_of(original.now, name)}, {"fork", value_of(fork.now, name)}});
  return all;
}

/// Facts that only one side has, or that only one side holds for true.
document facts_view(const told_bond& original, const told_bond& fork, privacy_mode privacy) {
  const auto standing = [](const actors::bond::state& bond, const events::memory_id& id) -> std::string_view {
    const auto found = bond.facts.find(id);
    if (found == bond.facts.end()) return "absent";
    return found->second.valid_to ? "ended" : "holds";
  };
  std::set<events::memory_id> ids;
  for (const auto* bond : {&original.now, &fork.now})
    for (const auto& [id, fact] : bond->facts) ids.insert(id);
  auto all = document::array();
  for (const auto& id : ids) {
    const auto here = standing(original.now, id), there = standing(fork.now, id);
    if (here == there) continue;
    if (all.size() == facts_shown) break;
    const auto& fact = here != "absent" ? original.now.facts.at(id) : fork.now.facts.at(id);
    all.push_back({{"memory_id", events::to_string(id)}, {"text", personal_text(fact.text, privacy)}, {"attribute", fact.attribute},
                   {"original", here}, {"fork", there}});
  }
  return all;
}

} // namespace

document timelines_view(const told_conversation& original, const told_conversation& fork, const told_bond& original_bond, const told_bond& fork_bond,
                        privacy_mode privacy) {
  const auto ours = told_conversation::branch_of(original.now), theirs = told_conversation::branch_of(fork.now);
  const auto copied = told_conversation::branch_of(fork.then);
  // Shared is what the copy began with, as far as both still go through it.
  std::size_t shared = 0;
  while (shared < copied.size() && shared < theirs.size() && shared < ours.size() && copied[shared] == theirs[shared] && copied[shared] == ours[shared]) ++shared;
  const auto skipped = shared - std::min(shared, shared_shown);
  const std::span all(theirs);
  return {{"shared", {{"total", shared}, {"messages", messages_view(fork, all.subspan(skipped, shared - skipped), privacy)}}},
          {"original", side_view(original, std::span(ours).subspan(shared), privacy)},
          {"fork", side_view(fork, all.subspan(shared), privacy)},
          {"bond", {{"axes", axes_view(original_bond, fork_bond)}, {"facts", facts_view(original_bond, fork_bond, privacy)}}}};
}

} // namespace reverie::ops
