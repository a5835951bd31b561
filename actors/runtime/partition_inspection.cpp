#include "actors/runtime/effect_codec.hpp"
#include "actors/runtime/partition_actor.hpp"

#include <algorithm>

namespace reverie::actors::runtime {

namespace {
constexpr std::size_t effects_of_entity_max = 50;
} // namespace

void partition_actor::show_effects(const effects_wanted& message) {
  if (!shared_) return message.done(events::fail(events::failure_code::unavailable, reason_));
  auto all = book_.list(pending_effects_, deliveries_, message.effects_max, services_->ports.clock->now());
  for (auto& each : all) each.partition = partition_;
  message.done(std::move(all));
}

/// A delivery that waits for its next try is made now; one that was refused is begun anew; a reply under way is left alone.
void partition_actor::retry_effect(const effect_retried& message) {
  if (!shared_ || stopped_) return message.done(events::fail(events::failure_code::unavailable, reason_));
  if (auto refused = book_.take_refused(message.id)) {
    pending_effects_.insert_or_assign(refused->id, to_pending(*refused));
    if (std::holds_alternative<deliver_command>(refused->what)) begin_delivery(*refused);
    else begin_effect(*refused);
    return message.done({});
  }
  if (!pending_effects_.contains(message.id)) return message.done(events::fail(events::failure_code::not_found, "there is no such effect here"));
  if (auto waiting = deliveries_.find(message.id); waiting != deliveries_.end() && !waiting->second.asked) {
    waiting->second.again_at = {};
    redeliver();
  }
  message.done({});
}

void partition_actor::show_standing(const standing_wanted& message) {
  if (!shared_) return message.done(events::fail(events::failure_code::unavailable, reason_));
  entity_standing standing;
  standing.parked = parked_.contains(message.entity.entity);
  if (const auto slot = slots_.find(message.entity.entity); slot != slots_.end()) {
    standing.in_memory = true;
    standing.waiting = slot->second.commands + slot->second.held.size();
  }
  for (auto& each : book_.list(pending_effects_, deliveries_, pending_effects_.size(), services_->ports.clock->now()))
    if (each.entity == message.entity.entity && standing.effects.size() < effects_of_entity_max) {
      each.partition = partition_;
      standing.effects.push_back(std::move(each));
    }
  message.done(std::move(standing));
}

} // namespace reverie::actors::runtime
