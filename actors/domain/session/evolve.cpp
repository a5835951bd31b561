#include "actors/domain/session/evolve.hpp"

#include "actors/domain/overloaded.hpp"
#include "actors/domain/session/content_hash.hpp"
#include "actors/domain/session/tree.hpp"
#include "events/model/limits.hpp"

#include <algorithm>
#include <set>

namespace reverie::actors::session {
namespace {

namespace limits = events::limits;
using events::event_context;

void keep_text(state& now, const message_id& message, const std::string& text, const std::vector<events::memory_id>& recalled = {}) {
  std::erase_if(now.recent, [&](const recent_text& each) { return each.message == message; });
  now.recent.push_back({message, text, recalled});
  std::size_t bytes = 0, kept = 0;
  for (auto at = now.recent.rbegin(); at != now.recent.rend(); ++at, ++kept) {
    bytes += at->text.size();
    if (kept == limits::prompt_turns_kept_per_session || (kept > 0 && bytes > limits::prompt_turn_bytes_kept_per_session)) break;
  }
  now.recent.erase(now.recent.begin(), now.recent.end() - static_cast<std::ptrdiff_t>(kept));
}

/// Makes another branch the active one; texts that are not on it are dropped.
void move_leaf(state& now, std::optional<message_id> leaf) {
  if (now.leaf == leaf) return;
  now.leaf = leaf;
  const auto branch = branch_to(now, leaf);
  const std::set<message_id> on_branch(branch.begin(), branch.end());
  std::erase_if(now.recent, [&](const recent_text& each) { return !on_branch.contains(each.message); });
}

/// Puts a message at the end of the active branch. Below the old leaf the branch only grows; elsewhere it forks.
void grow(state& now, const message_id& message, node fresh) {
  const bool extends = fresh.parent == now.leaf;
  now.nodes.insert_or_assign(message, std::move(fresh));
  if (extends) now.leaf = message;
  else move_leaf(now, message);
}

/// Orders messages by when they came. In a fork the numbering of its origin goes on.
sequence_number place_of(const state& now, const event_context& context) {
  return {context.sequence.value + (now.fork ? now.fork->origin_sequence.value : 0)};
}

void apply(state& now, const events::session::opened& one, const event_context& context) {
  now = {};
  now.opened = true;
  now.user = one.user;
  now.character = one.character;
  now.card_version = one.card_version;
  if (one.greeting.is_nil()) return;
  grow(now, one.greeting, {std::nullopt, role::character, node_state::complete, 0, context.sequence, context.sequence});
  keep_text(now, one.greeting, one.greeting_text);
}

void apply(state& now, const events::session::message_sent& one, const event_context& context) {
  grow(now, one.message, {one.parent, role::user, node_state::complete, 0, place_of(now, context), context.sequence});
  keep_text(now, one.message, one.content);
  if (now.turn) now.waiting.push_back(one.message);
  if (one.client_message) now.client_sends[*one.client_message] = {one.message, content_hash(one.content)};
}

void apply(state& now, const events::session::reply_started& one, const event_context& context) {
  if (one.attempt > 1 && now.nodes.contains(one.reply)) {
    auto& reply = now.nodes[one.reply];
    reply.state = node_state::generating;
    reply.attempt = one.attempt;
    // A reply that runs on keeps its place: what waits below it stays the end of the branch.
    if (!now.turn || now.turn->reply != one.reply) move_leaf(now, one.reply);
  } else {
    grow(now, one.reply, {one.parent, role::character, node_state::generating, one.attempt, place_of(now, context), {}});
  }
  if (!now.turn || now.turn->reply != one.reply) now.waiting.clear();
  now.turn = {one.reply, one.parent, one.attempt};
}

/// Ends a turn: no reply is running afterwards.
node* settle(state& now, const message_id& reply, node_state how) {
  if (now.turn && now.turn->reply == reply) now.turn.reset();
  const auto at = now.nodes.find(reply);
  if (at == now.nodes.end()) return nullptr;
  at->second.state = how;
  return &at->second;
}

void apply(state& now, const events::session::reply_completed& one, const event_context& context) {
  auto* reply = settle(now, one.reply, one.finish_reason == "stopped" ? node_state::stopped : node_state::complete);
  if (reply == nullptr) return;
  reply->text_at = context.sequence;
  keep_text(now, one.reply, one.content, one.recalled);
}

void apply(state& now, const events::session::reply_failed& one, const event_context&) {
  settle(now, one.reply, node_state::failed);
}

void apply(state& now, const events::session::message_edited& one, const event_context& context) {
  const auto old = now.nodes.find(one.replaces);
  const auto parent = old == now.nodes.end() ? std::nullopt : old->second.parent;
  grow(now, one.message, {parent, role::user, node_state::complete, 0, context.sequence, context.sequence});
  keep_text(now, one.message, one.content);
}

void apply(state& now, const events::session::message_deleted& one, const event_context&) {
  const std::set<message_id> removed(one.removed.begin(), one.removed.end());
  const auto is_removed = [&](const message_id& id) { return removed.contains(id); };
  for (const auto& id : removed) now.nodes.erase(id);
  std::erase_if(now.waiting, is_removed);
  std::erase_if(now.recent, [&](const recent_text& each) { return is_removed(each.message); });
  if (now.turn && is_removed(now.turn->reply)) now.turn.reset();
  if (now.read && is_removed(*now.read)) now.read.reset();
  move_leaf(now, one.leaf);
}

void apply(state& now, const events::session::branch_selected& one, const event_context&) { move_leaf(now, one.leaf); }

void apply(state& now, const events::session::read_marked& one, const event_context&) { now.read = one.message; }

void apply(state& now, const events::session::closed&, const event_context&) {
  now.closed = true;
  now.waiting.clear();
}

node_state state_named(std::string_view name) {
  if (name == "failed") return node_state::failed;
  return name == "stopped" ? node_state::stopped : node_state::complete;
}

/// A long copy comes in parts, each with its texts; the last one names the leaf. Of its texts those of the active branch are kept.
void apply(state& now, const events::session::forked& one, const event_context& context) {
  if (!now.fork) {
    now = {};
    now.opened = true;
    now.user = one.user;
    now.character = one.character;
    now.card_version = one.card_version;
    now.fork = {one.origin, one.origin_sequence, one.origin_at, one.model};
  }
  std::map<message_id, const events::session::copied_message*> copied;
  for (const auto& each : one.messages) {
    const auto how = state_named(each.state);
    const auto text_at = how == node_state::failed ? sequence_number{} : context.sequence;
    now.nodes[each.message] = {each.parent, each.role == "user" ? role::user : role::character, how, each.attempt, each.created, text_at};
    copied[each.message] = &each;
  }
  now.leaf = one.leaf;
  for (const auto& message : branch_to(now, now.leaf)) {
    const auto text = copied.find(message);
    if (text != copied.end() && now.nodes[message].text_at.value != 0) keep_text(now, message, text->second->content, text->second->recalled);
  }
}

template <class Payload>
void apply(state&, const Payload&, const event_context&) {}

} // namespace

void evolve(state& now, const events::event& happened, const events::event_context& context) {
  std::visit([&](const auto& one) { apply(now, one, context); }, happened);
}

} // namespace reverie::actors::session
