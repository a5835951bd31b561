#include "actors/domain/session/decide_fork.hpp"

#include "actors/domain/overloaded.hpp"

#include <set>

namespace reverie::actors::session {
namespace {

/// Whether each message hangs below one that stands before it, and the leaf is one of them.
bool is_tree(const events::session::forked& copy) {
  std::set<message_id> known;
  for (const auto& each : copy.messages) {
    if (each.parent && !known.contains(*each.parent)) return false;
    if (!known.insert(each.message).second || each.created > copy.origin_sequence) return false;
  }
  return copy.leaf ? known.contains(*copy.leaf) : known.empty();
}

} // namespace

decision decide_one(const state& now, const fork& asked, const decision_context& context) {
  const auto& copy = asked.copy;
  if (!context.caller.is_nil()) return reject(rejection_code::permission_denied, "Only an operator forks a conversation.");
  if (context.self.entity.kind != events::entity_kind::forked_session || copy.session.value != context.self.entity.id ||
      copy.user.value != context.self.slice_key)
    return reject(rejection_code::validation_error, "A fork is a conversation of its own, of the same person.", "session_id");
  if (now.opened) {
    if (now.fork && now.fork->origin == copy.origin && now.fork->origin_sequence == copy.origin_sequence) return accepted{{}, copy.session.value};
    return reject(rejection_code::conflict, "This fork is a copy of something else.", "session_id");
  }
  if (copy.user.is_nil() || copy.character.is_nil() || copy.origin.is_nil() || copy.origin_sequence.value == 0)
    return reject(rejection_code::validation_error, "A fork needs a conversation and one of its events.", "origin_id");
  if (!is_tree(copy)) return reject(rejection_code::validation_error, "The messages of a fork must be a tree, parents first.", "messages");
  return accepted{{copy}, copy.session.value};
}

bool may_fork_take(const command& asked) {
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
