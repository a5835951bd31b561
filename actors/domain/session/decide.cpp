#include "actors/domain/session/decide.hpp"

#include "actors/domain/session/content_hash.hpp"
#include "actors/domain/session/decide_fork.hpp"
#include "actors/domain/session/decide_replies.hpp"
#include "actors/domain/session/refusals.hpp"
#include "actors/domain/session/tree.hpp"
#include "actors/domain/text_rules.hpp"
#include "events/model/limits.hpp"

#include <algorithm>

namespace reverie::actors::session {
namespace {

namespace limits = events::limits;
namespace happened = events::session;

decision decide_one(const state& now, const open& asked, const decision_context& context) {
  const events::session_id self{context.self.entity.id};
  if (!context.caller.is_nil() && context.caller != asked.user)
    return reject(rejection_code::not_found, "There is no such conversation.", "conversation_id");
  if (now.opened) {
    if (now.user == asked.user && now.character == asked.character) return accepted{{}, self.value};
    return reject(rejection_code::conflict, "This conversation is open with somebody else.");
  }
  if (asked.user.is_nil()) return reject(rejection_code::validation_error, "A conversation needs a user.", "user_id");
  if (asked.character.is_nil()) return reject(rejection_code::validation_error, "A conversation needs a character.", "character_id");
  // A card's greeting may be longer than a message; what a person sees keeps the one limit.
  const auto greeting = cut_at_character(asked.greeting, limits::message_bytes);
  const message_id greeting_id = greeting.empty() ? message_id{} : message_id{context.fresh_id(0)};
  return accepted{{happened::opened{self, asked.user, asked.character, asked.card_version, greeting_id, std::string(greeting)}},
                  self.value};
}

/// A client's id that was seen: the same message again, or another one under its id.
std::optional<decision> decide_repeated(const state& now, const send_message& asked) {
  if (!asked.client_message) return std::nullopt;
  const auto sent = now.client_sends.find(*asked.client_message);
  if (sent == now.client_sends.end()) return std::nullopt;
  if (sent->second.content_hash == content_hash(asked.content)) return accepted{{}, sent->second.message.value};
  return reject(rejection_code::conflict, "This client_message_id was used for another text.", "client_message_id");
}

decision decide_one(const state& now, const send_message& asked, const decision_context& context) {
  if (auto refused = refuse_stranger(now, context)) return std::unexpected(*refused);
  if (auto repeated = decide_repeated(now, asked)) return *repeated;
  if (auto refused = refuse_writing(now, context)) return std::unexpected(*refused);
  if (auto refused = refuse_text(asked.content, limits::message_bytes, "The message", "content")) return std::unexpected(*refused);
  const message_id message{context.fresh_id(0)};
  accepted answer{{happened::message_sent{message, now.leaf, asked.content, asked.client_message}}, message.value};
  if (!now.turn) {
    answer.events.emplace_back(happened::reply_started{{context.fresh_id(1)}, message, 1});
  } else if (now.waiting.size() >= limits::waiting_messages_per_session) {
    return std::unexpected(rejection{rejection_code::overloaded, "Too many messages wait for the next reply.", "",
                                     limits::overloaded_retry_after_ms.count()});
  }
  return answer;
}

decision decide_one(const state& now, const edit_message& asked, const decision_context& context) {
  if (auto refused = refuse_writing(now, context)) return std::unexpected(*refused);
  const auto at = now.nodes.find(asked.message);
  if (at == now.nodes.end()) return unknown_message();
  if (at->second.by != role::user)
    return reject(rejection_code::validation_error, "Only your own messages can be edited.", "message_id");
  if (auto refused = refuse_text(asked.content, limits::message_bytes, "The message", "content")) return std::unexpected(*refused);
  if (auto refused = refuse_while_replying(now)) return std::unexpected(*refused);
  const message_id sibling{context.fresh_id(0)};
  return accepted{{happened::message_edited{sibling, asked.message, asked.content},
                   happened::reply_started{{context.fresh_id(1)}, sibling, 1}},
                  sibling.value};
}

decision decide_one(const state& now, const delete_message& asked, const decision_context& context) {
  if (auto refused = refuse_writing(now, context)) return std::unexpected(*refused);
  const auto at = now.nodes.find(asked.message);
  if (at == now.nodes.end()) return unknown_message();
  auto removed = subtree_of(now, asked.message);
  const auto is_removed = [&](const message_id& id) { return std::ranges::find(removed, id) != removed.end(); };
  if (now.turn && is_removed(now.turn->reply)) return std::unexpected(*refuse_while_replying(now));
  auto leaf = now.leaf;
  if (leaf && is_removed(*leaf)) leaf = newest_leaf(now, at->second.parent, removed);
  return accepted{{happened::message_deleted{asked.message, std::move(removed), leaf}}, asked.message.value};
}

decision decide_one(const state& now, const select_branch& asked, const decision_context& context) {
  if (auto refused = refuse_writing(now, context)) return std::unexpected(*refused);
  const auto leaf = newest_leaf(now, asked.message);
  if (!leaf) return unknown_message();
  if (leaf == now.leaf) return accepted{{}, leaf->value};
  if (auto refused = refuse_while_replying(now)) return std::unexpected(*refused);
  return accepted{{happened::branch_selected{*leaf}}, leaf->value};
}

decision decide_one(const state& now, const mark_read& asked, const decision_context& context) {
  if (auto refused = refuse_stranger(now, context)) return std::unexpected(*refused);
  const auto at = now.nodes.find(asked.message);
  if (at == now.nodes.end()) return unknown_message();
  const auto before = now.read ? now.nodes.find(*now.read) : now.nodes.end();
  if (before != now.nodes.end() && before->second.created >= at->second.created) return accepted{{}, asked.message.value};
  return accepted{{happened::read_marked{asked.message}}, asked.message.value};
}

decision decide_one(const state& now, const close&, const decision_context& context) {
  if (auto refused = refuse_stranger(now, context)) return std::unexpected(*refused);
  const events::session_id self{context.self.entity.id};
  if (now.closed) return accepted{{}, self.value};
  accepted answer{{}, self.value};
  if (now.turn)
    answer.events.emplace_back(happened::reply_failed{now.turn->reply, now.turn->attempt, "conversation_closed",
                                                      "The conversation was closed before the reply was whole.", false});
  answer.events.emplace_back(happened::closed{self});
  return answer;
}

} // namespace

decision decide(const state& now, const command& asked, const decision_context& context) {
  if (now.fork && !may_fork_take(now, asked)) return reject(rejection_code::conflict, "A fork does not take this: its past is a copy.", "conversation_id");
  return std::visit([&](const auto& one) { return decide_one(now, one, context); }, asked);
}

} // namespace reverie::actors::session
