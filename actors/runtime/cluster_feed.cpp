#include "actors/runtime/cluster_feed.hpp"

#include <algorithm>

namespace reverie::actors::runtime {

person_feed::~person_feed() {
  if (!index_) return;
  std::lock_guard lock(index_->mutex);
  for (const auto& [session, now] : replies_)
    if (auto found = index_->of.find(session); found != index_->of.end() && found->second.expired()) index_->of.erase(found);
}

std::uint64_t person_feed::add(std::weak_ptr<update_listener> listener) {
  std::lock_guard lock(listeners_mutex_);
  listeners_.push_back({++last_number_, std::move(listener)});
  return last_number_;
}

void person_feed::remove(std::uint64_t number) {
  std::lock_guard lock(listeners_mutex_);
  std::erase_if(listeners_, [number](const subscription& each) { return each.number == number; });
}

template <class Call>
void person_feed::tell(const Call& call) {
  std::vector<subscription> all;
  {
    std::lock_guard lock(listeners_mutex_);
    all = listeners_;
  }
  for (const auto& each : all)
    if (auto one = each.listener.lock()) call(*one);
}

void person_feed::note_reply(events::session_id session, bool under_way) {
  if (!index_) return;
  std::lock_guard lock(index_->mutex);
  if (under_way) index_->of[session] = weak_from_this();
  else index_->of.erase(session);
}

void person_feed::from_log(const shared_update& update) {
  if (update->happened.empty()) return;
  std::lock_guard lock(mutex_);
  const auto first = update->happened.front().context.sequence;
  auto known = places_.find(update->entity.entity);
  if (known != places_.end() && first < known->second.next) {
    if (update->happened.back().context.sequence.next() == known->second.next) known->second.ahead = false;
    return;
  }
  if (known == places_.end() && places_.size() >= entities_kept) forget_some();
  places_[update->entity.entity] = {update->happened.back().context.sequence.next(), false};
  pass(update);
}

void person_feed::on_update(const shared_update& update) {
  if (update->happened.empty()) return;
  std::lock_guard lock(mutex_);
  auto known = places_.find(update->entity.entity);
  const auto first = update->happened.front().context.sequence;
  if (first == events::sequence_number{1} && known == places_.end()) known = places_.emplace(update->entity.entity, entity_place{first}).first;
  if (known == places_.end() || first != known->second.next) return;
  known->second = {update->happened.back().context.sequence.next(), true};
  pass(update);
}

/// Those that the log has passed: it says nothing about them that was said already.
void person_feed::forget_some() {
  std::erase_if(places_, [](const auto& each) { return !each.second.ahead; });
}

void person_feed::pass(const shared_update& update) {
  const events::session_id session{update->entity.entity.id};
  bool started_one = false;
  std::vector<std::string> said_before; // the owner was faster than the log: nobody could take them before the start
  for (const auto& each : update->happened) {
    if (const auto* started = std::get_if<events::session::reply_started>(&each.payload)) {
      auto& now = replies_[session];
      if (now.reply == started->reply && now.attempt == started->attempt) said_before = std::move(now.pieces);
      now = {started->reply, started->parent, started->attempt, update->position, {}, each.context.sequence};
      note_reply(session, true);
      started_one = true;
      continue;
    }
    ended_reply ended;
    if (const auto* completed = std::get_if<events::session::reply_completed>(&each.payload)) ended = {completed->reply, completed->attempt};
    else if (const auto* failed = std::get_if<events::session::reply_failed>(&each.payload)) ended = {failed->reply, failed->attempt};
    else continue;
    if (ended_.size() >= entities_kept) ended_.clear();
    ended_[session] = ended;
    replies_.erase(session);
    note_reply(session, false);
    std::erase_if(held_, [&](const auto& one) { return one.reply == ended.reply && one.attempt <= ended.attempt; });
  }
  tell([&](update_listener& one) { one.on_update(update); });
  if (!started_one) return;
  if (auto of = replies_.find(session); of != replies_.end())
    for (std::size_t i = 0; i < said_before.size(); ++i)
      say({session, person_, of->second.reply, of->second.attempt, static_cast<std::uint32_t>(i), said_before[i]}, of->second);
  say_held(session);
}

void person_feed::on_piece(const std::shared_ptr<const reply_piece>& piece) {
  std::lock_guard lock(mutex_);
  auto of = replies_.find(piece->session);
  const bool under_way = of != replies_.end() && of->second.reply == piece->reply && of->second.attempt == piece->attempt;
  if (under_way && piece->index < of->second.pieces.size()) return;
  if (under_way && piece->index == of->second.pieces.size()) {
    say(*piece, of->second);
    return say_held(piece->session);
  }
  if (auto ended = ended_.find(piece->session);
      ended != ended_.end() && ended->second.reply == piece->reply && ended->second.attempt >= piece->attempt)
    return;
  if (held_.size() >= pieces_held) held_.pop_front();
  held_.push_back(*piece);
}

void person_feed::say(const reply_piece& piece, live_reply& of) {
  of.pieces.push_back(piece.text);
  auto shared = std::make_shared<const reply_piece>(piece);
  tell([&](update_listener& one) { one.on_piece(shared); });
}

void person_feed::say_held(events::session_id session) {
  auto of = replies_.find(session);
  if (of == replies_.end()) return;
  auto is_next = [&](const reply_piece& one) {
    return one.session == session && one.reply == of->second.reply && one.attempt == of->second.attempt &&
           one.index == of->second.pieces.size();
  };
  for (auto next = std::ranges::find_if(held_, is_next); next != held_.end(); next = std::ranges::find_if(held_, is_next)) {
    auto piece = std::move(*next);
    held_.erase(next);
    say(piece, of->second);
  }
}

void person_feed::take_reply(events::session_id session, const live_reply& now) {
  std::lock_guard lock(mutex_);
  if (auto ended = ended_.find(session); ended != ended_.end() && ended->second.reply == now.reply && ended->second.attempt >= now.attempt) return;
  auto known = replies_.find(session);
  if (known != replies_.end() && (known->second.reply != now.reply || known->second.attempt > now.attempt)) return;
  if (known == replies_.end() || known->second.attempt < now.attempt) {
    known = replies_.insert_or_assign(session, live_reply{now.reply, now.parent, now.attempt, now.started_at, {}, now.started_sequence}).first;
    note_reply(session, true);
  }
  for (auto index = known->second.pieces.size(); index < now.pieces.size(); ++index)
    say({session, person_, now.reply, now.attempt, static_cast<std::uint32_t>(index), now.pieces[index]}, known->second);
  say_held(session);
}

std::optional<live_reply> person_feed::reply_under_way(events::session_id session) {
  std::lock_guard lock(mutex_);
  auto found = replies_.find(session);
  return found == replies_.end() ? std::nullopt : std::optional{found->second};
}

} // namespace reverie::actors::runtime
