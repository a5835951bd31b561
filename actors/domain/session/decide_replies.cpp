#include "actors/domain/session/decide_replies.hpp"

#include "actors/domain/session/refusals.hpp"
#include "actors/domain/session/tree.hpp"
#include "actors/domain/text_rules.hpp"
#include "events/model/limits.hpp"

namespace reverie::actors::session {
namespace {

namespace limits = events::limits;
using events::session::reply_completed;
using events::session::reply_failed;
using events::session::reply_started;

/// Whether a report of the generation effect is about the attempt that is running; a late or repeated one is not.
bool is_running(const state& now, const message_id& reply, std::uint32_t attempt) {
  return now.turn && now.turn->reply == reply && now.turn->attempt == attempt;
}

/// A turn ends; what waited is answered together by the next one.
accepted end_turn(const state& now, event ended, const message_id& reply, const decision_context& context) {
  accepted answer{{std::move(ended)}, reply.value};
  if (!now.waiting.empty())
    answer.events.emplace_back(reply_started{{context.fresh_id(0)}, now.waiting.back(), 1});
  return answer;
}

accepted start_sibling(const message_id& parent, const decision_context& context) {
  const message_id reply{context.fresh_id(0)};
  return {{reply_started{reply, parent, 1}}, reply.value};
}

} // namespace

decision decide_one(const state& now, const regenerate& asked, const decision_context& context) {
  if (auto refused = refuse_writing(now, context)) return std::unexpected(*refused);
  const auto at = now.nodes.find(asked.message);
  if (at == now.nodes.end()) return unknown_message();
  if (auto refused = refuse_while_replying(now)) return std::unexpected(*refused);
  const auto& node = at->second;
  if (node.by == role::user) return start_sibling(asked.message, context);
  if (!node.parent) return reject(rejection_code::conflict, "The greeting is not made by a model; there is no other one.", "message_id");
  // A failed reply holds nothing worth keeping, so the next attempt takes its place, unless the conversation went on below it.
  if (node.state == node_state::failed && !has_children(now, asked.message))
    return accepted{{reply_started{asked.message, *node.parent, node.attempt + 1}}, asked.message.value};
  return start_sibling(*node.parent, context);
}

decision decide_one(const state& now, const complete_reply& asked, const decision_context& context) {
  if (auto refused = refuse_person(now, context)) return std::unexpected(*refused);
  if (!is_running(now, asked.reply, asked.attempt)) return accepted{{}, asked.reply.value};
  reply_completed ended{asked.reply, asked.attempt, asked.content, asked.finish_reason, asked.model, asked.usage, asked.manifest_json, asked.recalled};
  std::erase(ended.content, '\0'); // a model may say anything; no text of the server holds U+0000
  if (ended.finish_reason != "length" && ended.finish_reason != "stopped") ended.finish_reason = "stop";
  if (ended.content.size() > limits::reply_bytes) {
    ended.content = cut_at_character(ended.content, limits::reply_bytes);
    ended.finish_reason = "length";
  }
  return end_turn(now, std::move(ended), asked.reply, context);
}

decision decide_one(const state& now, const fail_reply& asked, const decision_context& context) {
  if (auto refused = refuse_person(now, context)) return std::unexpected(*refused);
  if (!is_running(now, asked.reply, asked.attempt)) return accepted{{}, asked.reply.value};
  return end_turn(now, reply_failed{asked.reply, asked.attempt, asked.code, asked.message, asked.retryable}, asked.reply, context);
}

decision decide_one(const state& now, const restart_reply& asked, const decision_context& context) {
  if (auto refused = refuse_person(now, context)) return std::unexpected(*refused);
  if (!is_running(now, asked.reply, asked.attempt_before)) return accepted{{}, asked.reply.value};
  return accepted{{reply_started{asked.reply, now.turn->parent, asked.attempt_before + 1}}, asked.reply.value};
}

} // namespace reverie::actors::session
