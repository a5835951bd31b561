#include "actors/domain/session/decide_fork.hpp"

#include "actors/domain/overloaded.hpp"

#include <set>

namespace reverie::actors::session {
namespace {

/// Whether all parts of the copy are there.
bool is_whole(const state& now) { return now.leaf.has_value() || now.nodes.empty(); }

/// Whether each message hangs below one that stands before it, and the leaf, if this is the last part, is one of them.
bool is_tree(const state& now, const events::session::forked& copy) {
  std::set<message_id> fresh;
  const auto is_known = [&](const message_id& id) { return fresh.contains(id) || now.nodes.contains(id); };
  for (const auto& each : copy.messages) {
    if (each.parent && !is_known(*each.parent)) return false;
    if (is_known(each.message) || each.created > copy.origin_sequence) return false;
    fresh.insert(each.message);
  }
  return !copy.leaf || is_known(*copy.leaf);
}

/// Whether a part is there already: it was asked for again.
bool has_part(const state& now, const events::session::forked& copy) {
  return !copy.messages.empty() && !copy.leaf && now.nodes.contains(copy.messages.back().message);
}

} // namespace

decision decide_one(const state& now, const fork& asked, const decision_context& context) {
  const auto& copy = asked.copy;
  if (!context.caller.is_nil()) return reject(rejection_code::permission_denied, "Only an operator forks a conversation.");
  if (context.self.entity.kind != events::entity_kind::forked_session || copy.session.value != context.self.entity.id ||
      copy.user.value != context.self.slice_key)
    return reject(rejection_code::validation_error, "A fork is a conversation of its own, of the same person.", "session_id");
  if (now.opened) {
    if (!now.fork || now.fork->origin != copy.origin || now.fork->origin_sequence != copy.origin_sequence)
      return reject(rejection_code::conflict, "This fork is a copy of something else.", "session_id");
    if (is_whole(now) || has_part(now, copy)) return accepted{{}, copy.session.value};
    if (now.closed) return reject(rejection_code::conflict, "This fork has ended.", "session_id");
  }
  if (copy.user.is_nil() || copy.character.is_nil() || copy.origin.is_nil() || copy.origin_sequence.value == 0)
    return reject(rejection_code::validation_error, "A fork needs a conversation and one of its events.", "origin_id");
  if (!is_tree(now, copy)) return reject(rejection_code::validation_error, "The messages of a fork must be a tree, parents first.", "messages");
  return accepted{{copy}, copy.session.value};
}

bool may_fork_take(const state& now, const command& asked) {
  if (!is_whole(now)) return std::holds_alternative<fork>(asked) || std::holds_alternative<close>(asked);
  return std::visit(overloaded{
                        [](const open&) { return false; },
                        [](const edit_message&) { return false; },
                        [](const delete_message&) { return false; },
                        [](const mark_read&) { return false; },
                        [](const auto&) { return true; },
                    },
                    asked);
}

} // namespace reverie::actors::session
