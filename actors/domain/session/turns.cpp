#include "actors/domain/session/turns.hpp"

#include "actors/domain/session/tree.hpp"

#include <algorithm>

namespace reverie::actors::session {
namespace {

std::vector<turn> turns_on(const state& now, const std::optional<message_id>& leaf) {
  std::vector<turn> turns;
  for (const auto& id : branch_to(now, leaf)) {
    const auto& node = now.nodes.at(id);
    if (node.state == node_state::generating || node.state == node_state::failed) continue;
    const auto kept = std::ranges::find(now.recent, id, &recent_text::message);
    auto& turn = turns.emplace_back(id, node.by, node.state, std::nullopt, node.text_at);
    if (kept == now.recent.end()) continue;
    turn.text = kept->text;
    turn.recalled = kept->recalled;
  }
  return turns;
}

} // namespace

std::vector<turn> active_turns(const state& now) { return turns_on(now, now.leaf); }

std::vector<turn> turns_to_answer(const state& now) {
  return now.turn ? turns_on(now, now.turn->parent) : std::vector<turn>{};
}

} // namespace reverie::actors::session
