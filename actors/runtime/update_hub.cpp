#include "actors/runtime/update_hub.hpp"

namespace reverie::actors::runtime {

std::shared_ptr<void> update_hub::listen(events::user_id person, std::weak_ptr<update_listener> listener) {
  auto& place = shard_of(person.value);
  std::uint64_t number = 0;
  {
    std::lock_guard lock(place.guard);
    number = ++place.last_number;
    place.listeners[person.value].push_back({number, std::move(listener)});
  }
  auto forget_it = [hub = weak_from_this(), id = person.value, number](void*) {
    if (auto held = hub.lock()) held->forget(id, number);
  };
  return {this, std::move(forget_it)};
}

void update_hub::forget(const events::uuid& id, std::uint64_t number) {
  auto& place = shard_of(id);
  std::lock_guard lock(place.guard);
  auto found = place.listeners.find(id);
  if (found == place.listeners.end()) return;
  std::erase_if(found->second, [number](const subscription& each) { return each.number == number; });
  if (found->second.empty()) place.listeners.erase(found);
}

bool update_hub::anyone_listens(const events::uuid& slice_key) const {
  const auto& place = shard_of(slice_key);
  std::lock_guard lock(place.guard);
  return place.listeners.contains(slice_key);
}

std::vector<std::shared_ptr<update_listener>> update_hub::listeners_of(const events::uuid& id) const {
  std::vector<std::shared_ptr<update_listener>> held;
  const auto& place = shard_of(id);
  std::lock_guard lock(place.guard);
  auto found = place.listeners.find(id);
  if (found == place.listeners.end()) return held;
  held.reserve(found->second.size());
  for (const auto& each : found->second)
    if (auto one = each.listener.lock()) held.push_back(std::move(one));
  return held;
}

void update_hub::publish(const events::uuid& slice_key, const shared_update& update) {
  if (events::is_fork(update->entity.entity.kind)) return; // an operator's, not the person's
  for (const auto& each : listeners_of(slice_key)) each->on_update(update);
}

void update_hub::begin_reply(events::session_id session, live_reply started, events::user_id person) {
  auto& place = shard_of(session.value);
  std::lock_guard lock(place.guard);
  place.replies[session] = {std::move(started), person};
}

bool update_hub::add_piece(reply_piece piece) {
  {
    auto& place = shard_of(piece.session.value);
    std::lock_guard lock(place.guard);
    auto found = place.replies.find(piece.session);
    if (found == place.replies.end() || found->second.now.reply != piece.reply || found->second.now.attempt != piece.attempt) return false;
    piece.index = static_cast<std::uint32_t>(found->second.now.pieces.size());
    found->second.now.pieces.push_back(piece.text);
  }
  auto person = piece.user.value;
  auto shared = std::make_shared<const reply_piece>(std::move(piece));
  for (const auto& each : listeners_of(person)) each->on_piece(shared);
  return true;
}

void update_hub::end_reply(events::session_id session, events::message_id reply, std::uint32_t attempt) {
  auto& place = shard_of(session.value);
  std::lock_guard lock(place.guard);
  auto found = place.replies.find(session);
  if (found != place.replies.end() && found->second.now.reply == reply && found->second.now.attempt <= attempt) place.replies.erase(found);
}

std::optional<live_reply> update_hub::reply_under_way(events::session_id session) const {
  const auto& place = shard_of(session.value);
  std::lock_guard lock(place.guard);
  auto found = place.replies.find(session);
  if (found == place.replies.end()) return std::nullopt;
  return found->second.now;
}

std::vector<std::pair<events::session_id, live_reply>> update_hub::replies_of(events::user_id person) const {
  std::vector<std::pair<events::session_id, live_reply>> found;
  for (const auto& place : shards_) {
    std::lock_guard lock(place.guard);
    for (const auto& [session, one] : place.replies)
      if (one.person == person) found.emplace_back(session, one.now);
  }
  return found;
}

} // namespace reverie::actors::runtime
