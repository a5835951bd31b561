#include "actors/runtime/effect_codec.hpp"
#include "actors/runtime/history_reading.hpp"
#include "actors/runtime/partition_actor.hpp"

#include <algorithm>

namespace reverie::actors::runtime {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds first_wait{200};
constexpr milliseconds last_wait{30'000};

milliseconds back_off(std::uint32_t attempts, std::minstd_rand& jitter) {
  const auto doubled = std::min(last_wait, first_wait * (1L << std::min<std::uint32_t>(attempts, 10)));
  return doubled / 2 + milliseconds{static_cast<long>(jitter() % static_cast<unsigned long>(doubled.count() / 2 + 1))};
}

/// Whether a model can find facts in what this effect delivers.
bool teaches(const effect& what) {
  const auto* delivery = std::get_if<deliver_command>(&what);
  const auto* command = delivery == nullptr ? nullptr : std::get_if<bond::command>(&delivery->command);
  const auto* turn = command == nullptr ? nullptr : std::get_if<bond::observe_turn>(command);
  return turn != nullptr && !turn->extraction;
}

} // namespace

void partition_actor::begin_effects(const applied_effects& asked) {
  for (auto id : asked.settled) {
    pending_effects_.erase(id);
    deliveries_.erase(id);
    book_.forget(id);
  }
  for (const auto& begun : asked.begun) begin_effect(begun);
}

/// Started only after its cause was read back. While the node stops it stays pending: the next owner begins it.
void partition_actor::begin_effect(const begun_effect& effect) {
  pending_effects_.insert_or_assign(effect.id, to_pending(effect));
  if (stopped_) return;
  if (std::holds_alternative<generate_reply>(effect.what)) {
    services_->tell_generation(begin_generation{std::make_shared<const begun_effect>(effect)});
    return;
  }
  if (services_->ports.facts && teaches(effect.what)) {
    services_->tell_extraction(begin_extraction{std::make_shared<const begun_effect>(effect)});
    return;
  }
  begin_delivery(effect);
}

void partition_actor::begin_delivery(const begun_effect& effect) {
  const auto& what = std::get<deliver_command>(effect.what);
  auto& one = deliveries_[effect.id];
  one.effect = effect;
  one.envelope = {{effect.id.value}, effect.correlation, {}, what.target, what.command, effect.cause};
  deliver(one);
}

/// A turn was looked at, once for each owner: what comes for an effect that is done or under way is dropped.
void partition_actor::take_extracted(const turn_extracted& message) {
  const auto id = message.effect->id;
  if (!shared_ || stopped_ || !pending_effects_.contains(id) || deliveries_.contains(id)) return;
  begin_delivery(*message.effect);
}

/// To the target's partition, wherever it is; the effect's id is the command's id, so it is done once.
void partition_actor::deliver(delivery& one) {
  one.asked = true;
  ++one.attempts;
  auto self = caf::actor_cast<partition_handle>(this);
  services_->submit(one.envelope, [self, id = one.effect.id, command = one.envelope.id](command_outcome result) {
    caf::anon_send(self, effect_answered{id, command, std::make_shared<const command_outcome>(std::move(result))});
  });
}

void partition_actor::take_effect_answer(const effect_answered& message) {
  if (!shared_) return;
  const auto& result = *message.result;
  auto found = deliveries_.find(message.id);
  if (message.command.value.is_nil()) { // a generation whose end was refused for good
    if (found == deliveries_.end()) settle(message.id);
    return;
  }
  // A newer attempt took the place of what was delivered: its own answer counts.
  if (found == deliveries_.end() || found->second.envelope.id != message.command) return;
  auto& one = found->second;
  if (!result && passes_by_itself(result.error().code)) {
    book_.note_problem(message.id, result.error().message);
    one.asked = false;
    one.again_at = services_->ports.clock->steady() + back_off(one.attempts, jitter_);
    return;
  }
  if (!result) book_.refuse(one.effect, one.attempts, result.error().message, services_->ports.clock->now());
  if (!result)
    log(severity::warning, "an effect of " + events::to_string(one.effect.owner.entity) + " was refused: " + result.error().message);
  const bool goes_on = one.restarts_reply && result && result->changed; // the next attempt is under way, under the same effect id
  const auto id = message.id;
  deliveries_.erase(found);
  if (!goes_on) settle(id);
}

void partition_actor::settle(events::effect_id id) {
  book_.forget(id);
  if (pending_effects_.erase(id) == 0) return;
  unwritten_effects_.settle(id);
}

/// What an earlier owner left pending: replies are started again as the next attempt, deliveries are made again from their cause.
void partition_actor::resume_effects() {
  if (stopped_) return;
  for (const auto& [id, pending] : pending_effects_)
    if (!deliveries_.contains(id)) resume_effect(pending);
  if (!to_remake_.empty()) remake_effects();
  redeliver();
}

/// False when it has to be made again from its cause.
bool partition_actor::resume_effect(const events::pending_effect& pending) {
  auto effect = from_pending(pending);
  if (!effect) {
    to_remake_.push_back(pending);
    return false;
  }
  if (services_->ports.planted.resume_effect_twice) {
    services_->tell_generation(begin_generation{std::make_shared<const begun_effect>(*effect)});
    return true;
  }
  const auto& reply = std::get<generate_reply>(effect->what);
  auto& one = deliveries_[pending.id];
  one.effect = *effect;
  one.restarts_reply = true;
  one.envelope = {{events::derive_uuid("restart", pending.id.value, {}, reply.attempt)}, {}, {}, pending.owner,
                  session::command{session::restart_reply{reply.reply, reply.attempt}}, pending.cause};
  one.again_at = {}; // sent by redeliver(): the slice map may not be known yet
  return true;
}

/// Of a record that another process wrote before the own announcement: that process may be at work on them, so they are resumed, not begun;
/// and only by who serves. What comes before that is resumed with the rest.
void partition_actor::take_over_effects(const applied_effects& asked) {
  begin_effects({{}, asked.settled});
  for (const auto& begun : asked.begun) {
    auto [place, fresh] = pending_effects_.insert_or_assign(begun.id, to_pending(begun));
    if (!mine_ || stopped_) continue;
    deliveries_.erase(begun.id);
    if (!resume_effect(place->second)) remake_at_ = {}; // by the next tick
  }
}

/// Reads the causes again on a worker; the entity reacts again to them.
void partition_actor::remake_effects() {
  remake_at_ = services_->ports.clock->steady() + milliseconds{5'000};
  write_reported(); // the causes are looked up in local state
  auto self = caf::actor_cast<partition_handle>(this);
  services_->work([store = shared_->store, services = services_, partition = partition_, wanted = to_remake_, self] {
    record_source records{services->ports.log, partition};
    for (const auto& each : wanted) {
      auto happened = read_event_again(*store, records, *services->ports.keys, each.owner, each.cause.sequence);
      if (!happened) {
        services->log(severity::warning, "an effect can't be made again yet: " + happened.error().message);
        continue;
      }
      auto shared = std::make_shared<const std::vector<events::recorded_event>>(std::move(*happened));
      services->visit(each.owner, [self, shared](events::outcome<const entity_core*> core) {
        if (!core) return; // tried again by the tick
        caf::anon_send(self, effects_remade{std::make_shared<applied_effects>((*core)->react(*shared))});
      });
    }
  }, [](const events::failure&) {}); // logged by the worker, tried again by the tick
}

void partition_actor::take_remade(const effects_remade& message) {
  if (!shared_) return;
  for (const auto& begun : message.effects->begun) {
    auto wanted = std::ranges::find_if(to_remake_, [&](const events::pending_effect& each) { return each.id == begun.id; });
    if (wanted == to_remake_.end()) continue;
    to_remake_.erase(wanted);
    if (pending_effects_.contains(begun.id)) begin_effect(begun);
  }
}

void partition_actor::redeliver() {
  const auto now = services_->ports.clock->steady();
  std::vector<delivery*> due;
  for (auto& [id, one] : deliveries_)
    if (!one.asked && one.again_at <= now) due.push_back(&one);
  for (auto* one : due) deliver(*one);
}

} // namespace reverie::actors::runtime
