#include "gateway/bridge/live_hub.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace reverie::gateway {

namespace {
constexpr std::size_t owned_max = 4096;
}

person_hub::person_hub(events::user_id user, const std::vector<boost::asio::any_io_executor>& lanes) : user_(user) {
  for (const auto& executor : lanes) {
    lanes_.push_back(std::make_unique<lane>());
    lanes_.back()->executor = executor;
  }
}

void person_hub::on_update(const actors::shared_update& update) {
  if (update->entity.entity.kind != events::entity_kind::session) return;
  if (update->happened.empty()) return;
  learn({update->entity.entity.id}, events::entity_position{update->position, update->happened.back().context.sequence});
  auto batch = batch_of(*update);
  if (!batch.items.empty()) hand_out(std::make_shared<const live_batch>(std::move(batch)));
}

void person_hub::on_piece(const std::shared_ptr<const actors::reply_piece>& piece) {
  live_batch batch{piece->session, {item_of(*piece)}};
  hand_out(std::make_shared<const live_batch>(std::move(batch)));
}

void person_hub::broadcast(live_batch batch) { hand_out(std::make_shared<const live_batch>(std::move(batch))); }

void person_hub::hand_out(shared_batch batch) {
  on_every_lane([batch = std::move(batch)](live_member& member) { member.on_live(batch); });
}

void person_hub::sign_out(const events::uuid& sign_in) {
  on_every_lane([sign_in](live_member& member) { member.on_signed_out(sign_in); });
}

void person_hub::on_every_lane(visit tell) {
  for (auto& to : lanes_) {
    if (to->count.load(std::memory_order_acquire) == 0) continue;
    boost::asio::post(to->executor, [self = shared_from_this(), lane = to.get(), tell] { tell_all(*lane, tell); });
  }
}

void person_hub::tell_all(lane& to, const visit& tell) {
  to.handing_out = true;
  for (std::size_t i = 0; i < to.members.size(); ++i) {
    if (auto* member = to.members[i]) tell(*member);
  }
  to.handing_out = false;
  std::erase(to.members, nullptr);
}

void person_hub::add(std::size_t number, live_member* member) {
  lanes_[number]->members.push_back(member);
  lanes_[number]->count.fetch_add(1, std::memory_order_release);
}

void person_hub::remove(std::size_t number, live_member* member) {
  auto& from = *lanes_[number];
  auto place = std::ranges::find(from.members, member);
  if (place == from.members.end()) return;
  from.count.fetch_sub(1, std::memory_order_release);
  if (from.handing_out) *place = nullptr; // the loop that runs clears it away
  else from.members.erase(place);
}

bool person_hub::owns(events::session_id conversation) const {
  std::lock_guard lock(owned_mutex_);
  return owned_.contains(conversation);
}

void person_hub::learn(events::session_id conversation, std::optional<events::entity_position> position) {
  std::lock_guard lock(owned_mutex_);
  if (owned_.size() >= owned_max) owned_.clear();
  auto& known = owned_[conversation];
  if (position && (!known || !is_reached(*position, *known))) known = position;
}

std::optional<events::entity_position> person_hub::last_heard(events::session_id conversation) const {
  std::lock_guard lock(owned_mutex_);
  auto found = owned_.find(conversation);
  return found == owned_.end() ? std::nullopt : found->second;
}

membership::membership(std::shared_ptr<person_hub> hub, std::size_t lane, live_member* member)
    : hub_(std::move(hub)), lane_(lane), member_(member) {
  hub_->add(lane_, member_);
}

membership::~membership() {
  hub_->remove(lane_, member_);
  hub_->connections.fetch_sub(1);
}

std::shared_ptr<person_hub> live_hub::hub_of(events::user_id user) {
  std::lock_guard lock(mutex_);
  if (hubs_.size() >= sweep_at_) {
    std::erase_if(hubs_, [](const auto& entry) { return entry.second.expired(); });
    sweep_at_ = std::max<std::size_t>(64, hubs_.size() * 2);
  }
  auto& known = hubs_[user];
  auto hub = known.lock();
  if (!hub) {
    hub = std::make_shared<person_hub>(user, lanes_);
    hub->listening = node_.listen(user, hub);
    known = hub;
  }
  return hub;
}

void live_hub::sign_out(events::user_id user, const events::uuid& sign_in) {
  std::shared_ptr<person_hub> hub;
  {
    std::lock_guard lock(mutex_);
    if (auto known = hubs_.find(user); known != hubs_.end()) hub = known->second.lock();
  }
  if (hub) hub->sign_out(sign_in);
}

std::unique_ptr<membership> live_hub::join(events::user_id user, std::size_t lane, live_member* member,
                                           std::size_t connections_max) {
  auto hub = hub_of(user);
  if (hub->connections.fetch_add(1) >= connections_max) {
    hub->connections.fetch_sub(1);
    return nullptr;
  }
  return std::make_unique<membership>(std::move(hub), lane, member);
}

} // namespace reverie::gateway
