#include "gateway/bridge/own_writes.hpp"

#include <algorithm>

namespace reverie::gateway {

namespace {
constexpr std::size_t partitions_max = 8;
}

void own_writes::remember(events::user_id user, const events::log_position& position) {
  std::lock_guard lock(mutex_);
  auto& places = latest_.at(user);
  for (auto& place : places) {
    if (place.partition == position.partition) {
      place.offset = std::max(place.offset, position.offset);
      return;
    }
  }
  if (places.size() == partitions_max) places.erase(places.begin());
  places.push_back(position);
}

std::vector<events::log_position> own_writes::pending(events::user_id user) {
  std::lock_guard lock(mutex_);
  auto* places = latest_.find(user);
  return places == nullptr ? std::vector<events::log_position>{} : *places;
}

void own_writes::settle(events::user_id user, const std::vector<events::log_position>& folded) {
  std::lock_guard lock(mutex_);
  auto* places = latest_.find(user);
  if (places == nullptr) return;
  std::erase_if(*places, [&](const auto& place) {
    return std::ranges::any_of(
        folded, [&](const auto& done) { return done.partition == place.partition && done.offset >= place.offset; });
  });
  if (places->empty()) latest_.erase(user);
}

} // namespace reverie::gateway
