#include "gateway/bridge/live_feed.hpp"

#include "events/model/limits.hpp"

#include <algorithm>

namespace reverie::gateway {

namespace {
constexpr std::size_t conversations_kept = 128;
}

live_feed::conversation* live_feed::find(events::session_id id) {
  auto found = std::ranges::find(conversations_, id, &conversation::id);
  return found == conversations_.end() ? nullptr : &*found;
}

const live_feed::conversation* live_feed::find(events::session_id id) const {
  auto found = std::ranges::find(conversations_, id, &conversation::id);
  return found == conversations_.end() ? nullptr : &*found;
}

live_feed::conversation& live_feed::at(events::session_id id) {
  if (auto* known = find(id)) return *known;
  if (conversations_.size() >= conversations_kept) forget_settled();
  conversations_.push_back({.id = id, .sent = {}, .held = {}});
  return conversations_.back();
}

void live_feed::forget_settled() {
  auto settled = std::ranges::find_if(conversations_, [](const auto& of) { return !of.behind && !of.replying; });
  if (settled != conversations_.end()) conversations_.erase(settled);
}

void live_feed::pass(conversation& of, const live_item& item, frames& out) {
  if (item.piece) {
    bool next = of.replying && of.reply == item.reply && of.attempt == item.attempt && of.next_index == item.index;
    if (!next) return;
    ++of.next_index;
    out.push_back(item);
    return;
  }
  if (item.position && of.sent && is_reached(*item.position, *of.sent)) return;
  if (item.step == reply_step::started) {
    if (of.replying && of.reply == item.reply && of.attempt == item.attempt) return;
    of.replying = true;
    of.reply = item.reply;
    of.attempt = item.attempt;
    of.next_index = 0;
  } else if (item.step == reply_step::ended) {
    of.replying = false;
    of.ended = item.reply;
    of.ended_attempt = item.attempt;
  }
  out.push_back(item);
}

/// What came late, or twice, does not take back what was sent since.
void live_feed::advance(conversation& of, const live_item& item) {
  if (item.position && (!of.sent || !is_reached(*item.position, *of.sent))) of.sent = item.position;
}

bool live_feed::take(const live_batch& batch, frames& out) {
  auto* known = find(batch.conversation);
  if (known != nullptr && known->behind) {
    known->held.insert(known->held.end(), batch.items.begin(), batch.items.end());
    return known->held.size() <= events::limits::held_back_frames;
  }
  bool matters = std::ranges::any_of(batch.items, [](const auto& item) { return item.step == reply_step::started; });
  if (known == nullptr && !matters) {
    for (const auto& item : batch.items) {
      if (!item.piece) out.push_back(item);
    }
    return true;
  }
  auto& of = at(batch.conversation);
  for (const auto& item : batch.items) pass(of, item, out);
  if (of.sent && !batch.items.empty()) advance(of, batch.items.back());
  if (!of.replying && !of.sent) std::erase_if(conversations_, [&](const auto& each) { return each.id == batch.conversation; });
  return true;
}

bool live_feed::begin_catch_up(events::session_id id, std::optional<events::entity_position> after) {
  auto& of = at(id);
  if (of.behind) return false;
  of = conversation{.id = id, .behind = true, .sent = after, .held = {}};
  return true;
}

std::size_t live_feed::history(events::session_id id, const live_batch& batch, frames& out) {
  auto* of = find(id);
  if (of == nullptr || batch.items.empty()) return 0;
  auto before = out.size();
  for (const auto& item : batch.items) pass(*of, item, out);
  advance(*of, batch.items.back());
  return out.size() - before;
}

void live_feed::send_pieces(conversation& of, const actors::live_reply& now, frames& out) {
  while (of.next_index < now.pieces.size()) {
    out.push_back(piece_item(of.id, now, of.next_index));
    ++of.next_index;
  }
}

void live_feed::end_catch_up(events::session_id id, const std::optional<actors::live_reply>& now, frames& out) {
  auto* of = find(id);
  if (of == nullptr) return;
  of->behind = false;
  auto held = std::move(of->held);
  of->held = {};
  auto starts_now = [&](const live_item& item) {
    return now && item.step == reply_step::started && item.reply == now->reply && item.attempt == now->attempt;
  };
  bool follows = std::ranges::any_of(held, starts_now);
  bool over = now && of->ended == now->reply && of->ended_attempt >= now->attempt;
  if (over) {
    // The log is ahead of the actor: the history that went out ended this reply already.
  } else if (now && of->replying && of->reply == now->reply && of->attempt == now->attempt) {
    send_pieces(*of, *now, out);
  } else if (now && !follows && (!of->sent || is_reached({now->started_at, now->started_sequence}, *of->sent))) {
    out.push_back(started_item(id, *now));
    of->replying = true;
    of->reply = now->reply;
    of->attempt = now->attempt;
    of->next_index = 0;
    send_pieces(*of, *now, out);
  }
  auto sent_in_history = of->sent;
  for (const auto& item : held) {
    if (item.position && sent_in_history && is_reached(*item.position, *sent_in_history)) continue;
    pass(*of, item, out);
    advance(*of, item);
    if (starts_now(item) && of->replying && of->reply == now->reply) send_pieces(*of, *now, out);
  }
}

void live_feed::abandon_catch_up(events::session_id id, frames& out) {
  auto* of = find(id);
  if (of == nullptr) return;
  auto held = std::move(of->held);
  std::erase_if(conversations_, [&](const auto& each) { return each.id == id; });
  for (auto& item : held) {
    if (!item.piece) out.push_back(std::move(item));
  }
}

std::optional<events::entity_position> live_feed::sent_up_to(events::session_id id) const {
  const auto* of = find(id);
  return of == nullptr ? std::nullopt : of->sent;
}

bool live_feed::catches_up(events::session_id id) const {
  const auto* of = find(id);
  return of != nullptr && of->behind;
}

std::size_t live_feed::catching_up() const {
  return static_cast<std::size_t>(std::ranges::count_if(conversations_, [](const auto& of) { return of.behind; }));
}

} // namespace reverie::gateway
