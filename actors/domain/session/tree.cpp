#include "actors/domain/session/tree.hpp"

#include <algorithm>
#include <set>

namespace reverie::actors::session {
namespace {

/// A tree can't be deeper than it has nodes: walks end even on a state that no decision could have made.
template <class Visitor>
void walk_up(const state& now, std::optional<message_id> from, Visitor&& visit) {
  for (std::size_t steps = 0; from && steps <= now.nodes.size(); ++steps) {
    const auto at = now.nodes.find(*from);
    if (at == now.nodes.end() || !visit(at->first)) return;
    from = at->second.parent;
  }
}

std::vector<std::pair<sequence_number, message_id>> by_age(const state& now) {
  std::vector<std::pair<sequence_number, message_id>> order;
  order.reserve(now.nodes.size());
  for (const auto& [id, node] : now.nodes) order.emplace_back(node.created, id);
  std::ranges::sort(order);
  return order;
}

std::vector<message_id> everything(const state& now) {
  std::vector<message_id> all;
  for (const auto& [created, id] : by_age(now)) all.push_back(id);
  return all;
}

} // namespace

std::vector<message_id> branch_to(const state& now, const std::optional<message_id>& leaf) {
  std::vector<message_id> branch;
  walk_up(now, leaf, [&](const message_id& id) {
    branch.push_back(id);
    return true;
  });
  std::ranges::reverse(branch);
  return branch;
}

bool hangs_below(const state& now, const message_id& message, const message_id& ancestor) {
  bool found = false;
  walk_up(now, message, [&](const message_id& id) {
    found = id == ancestor;
    return !found;
  });
  return found;
}

std::vector<message_id> subtree_of(const state& now, const message_id& top) {
  // Parents are older than their children, so one pass in order of age finds everything.
  std::vector<message_id> found;
  std::set<message_id> members;
  for (const auto& [created, id] : by_age(now)) {
    const auto& parent = now.nodes.at(id).parent;
    if (id != top && !(parent && members.contains(*parent))) continue;
    found.push_back(id);
    members.insert(id);
  }
  return found;
}

std::optional<message_id> newest_leaf(const state& now, const std::optional<message_id>& below,
                                      std::span<const message_id> without) {
  // The newest message of a subtree has nothing below it, as that would be newer still.
  const std::set<message_id> gone(without.begin(), without.end());
  const auto candidates = below ? subtree_of(now, *below) : everything(now);
  const auto newest = std::find_if(candidates.rbegin(), candidates.rend(), [&](const message_id& id) { return !gone.contains(id); });
  return newest == candidates.rend() ? std::nullopt : std::optional(*newest);
}

bool has_children(const state& now, const message_id& message) {
  return std::ranges::any_of(now.nodes, [&](const auto& entry) { return entry.second.parent == message; });
}

} // namespace reverie::actors::session
