#include "actors/effects/generation_inputs.hpp"
#include "actors/runtime/history_reading.hpp"
#include "actors/runtime/partition_actor.hpp"

#include <algorithm>
#include <utility>

namespace reverie::actors::runtime {

using std::chrono::milliseconds;

namespace {
constexpr std::size_t actor_bytes = 2048;          ///< of an actor beside its state, measured
constexpr std::size_t passivated_per_tick = 20'000;
constexpr std::uint16_t deaths_max = 5;            ///< in a row; then the entity is parked
constexpr milliseconds respawn_first{100};
constexpr milliseconds respawn_last{10'000};
} // namespace

entity_tip partition_actor::tip_of(const events::entity_ref& entity) {
  if (!know_tip(entity)) return {};
  const auto& tip = tips_[entity];
  return {{tip.next.value - 1}, tip.hash};
}

entity_slot& partition_actor::slot_of(const events::entity_address& address) {
  auto found = slots_.find(address.entity);
  return found != slots_.end() ? found->second : slot_at(address, tip_of(address.entity));
}

entity_slot& partition_actor::slot_at(const events::entity_address& address, const entity_tip& tip) {
  auto [place, fresh] = slots_.try_emplace(address.entity);
  auto& slot = place->second;
  if (!fresh) return slot;
  slot.address = address;
  slot.memory_bytes = actor_bytes;
  memory_bytes_ += actor_bytes;
  touch(slot);
  spawn(slot, tip);
  return slot;
}

void partition_actor::spawn(entity_slot& slot, const entity_tip& tip) {
  entity_start start{slot.address, tip, unwritten_history(slot.address)};
  slot.actor = spawn_entity(std::move(start));
}

entity_handle partition_actor::spawn_entity(entity_start start) {
  return local_actor::spawn<entity_actor, caf::monitored>(std::shared_ptr<const partition_shared>{shared_}, std::move(start));
}

/// Messages for an entity that is leaving or down wait in its slot.
void partition_actor::give(entity_slot& slot, held_for_entity message) {
  if (slot.leaving || !slot.actor) {
    slot.held.push_back(std::move(message));
    return;
  }
  touch(slot);
  std::visit([&](auto& each) { send(slot.actor, std::move(each)); }, message);
}

void partition_actor::touch(entity_slot& slot) {
  slot.last_used = services_->ports.clock->steady();
  recency_.touch(slot);
}

/// The entity's sequence stops here, visibly; the rest flows on. Only a restart, with what was wrong put right, takes it up again.
void partition_actor::park(const events::entity_ref& which, const std::string& why) {
  const auto entity = which; // it may stand in the slot that goes
  if (!parked_.emplace(entity, why).second) return;
  log(severity::error, events::to_string(entity) + " is parked: " + why);
  auto found = slots_.find(entity);
  if (found == slots_.end()) return;
  auto& slot = found->second;
  if (slot.actor) send_exit(slot.actor, caf::exit_reason::user_shutdown);
  for (auto& each : slot.held)
    if (auto* looking = std::get_if<visit_state>(&each))
      looking->visit->visit(events::fail(events::failure_code::unavailable, "the entity is parked"));
  drop_slot(slot);
  for (auto& batch : open_)
    for (std::size_t i = 0; i < batch.reported.size(); ++i) {
      if (batch.reported[i] || (*batch.records)[i].content.headers.entity != entity) continue;
      batch.reported[i] = true;
      --batch.outstanding;
    }
  std::vector<command_ptr> concerned;
  for (auto& [ledger, command] : commands_)
    if (command->envelope.target.entity == entity) concerned.push_back(command);
  for (const auto& command : concerned)
    finish(command, std::unexpected(events::rejection{events::rejection_code::unavailable,
                                                      "This can't be used right now: it is being repaired.", {},
                                                      events::limits::overloaded_retry_after_ms.count()}));
}

void partition_actor::drop_slot(entity_slot& slot) {
  recency_.remove(slot);
  memory_bytes_ -= slot.memory_bytes;
  const auto entity = slot.address.entity;
  slots_.erase(entity);
}

/// A state to be stored. One that left and was wanted again meanwhile is spawned again at once.
void partition_actor::take_saved(const entity_saved& message) {
  if (!shared_) return;
  if (message.blob) {
    write_reported(); // a state is never stored before what it was made of
    events::state_batch batch;
    batch.blobs.push_back(std::move(*message.blob));
    if (auto written = shared_->store->write(std::move(batch)); !written && !store_failing_)
      log(severity::warning, "a state was not stored: " + written.error().message); // it is folded again when it is needed
  }
  auto found = slots_.find(message.entity);
  if (found == slots_.end() || !found->second.leaving) return;
  auto& slot = found->second;
  slot.leaving = false;
  auto held = std::move(slot.held);
  slot.held.clear();
  if (message.left) {
    slot.actor = entity_handle();
    if (held.empty()) {
      drop_slot(slot);
      return;
    }
    const auto* first = std::get_if<apply_record>(&held.front());
    const auto* record = first != nullptr ? &(*first->records)[first->index].content.headers : nullptr;
    spawn(slot, record != nullptr ? entity_tip{{record->first_sequence.value - 1}, record->previous_hash} : tip_of(message.entity));
  }
  for (auto& each : held) give(slot, std::move(each));
}

/// The entity's actor has answered all it was given and gone.
void partition_actor::take_load_failed(const load_failed& message) {
  const auto& why = *message.why;
  const bool passing = may_pass(why.code) || why.code == events::failure_code::key_destroyed;
  if (!passing) return park(message.entity, why.message);
  auto found = slots_.find(message.entity);
  if (found == slots_.end()) return;
  log(severity::warning, events::to_string(message.entity) + " could not be loaded: " + why.message);
  found->second.actor = entity_handle();
  found->second.leaving = false; // whoever was told to leave is gone
  respawn(found->second);
}

/// An actor's unexpected end: it is made again from what is stored, with back-off; what it had under way is done again.
void partition_actor::take_death(const caf::down_msg& message) {
  if (message.reason == caf::exit_reason::normal || message.reason == caf::exit_reason::user_shutdown || !shared_) return;
  if (tail_ && tail_.address() == message.source)
    return start_over({events::failure_code::unavailable, "the actor that reads its log has ended", std::nullopt});
  auto dead = std::ranges::find_if(slots_, [&](const auto& each) {
    return each.second.actor && each.second.actor.address() == message.source;
  });
  if (dead == slots_.end()) return;
  auto& slot = dead->second;
  log(severity::error, events::to_string(slot.address.entity) + " died: " + describe(system(), message.reason));
  slot.actor = entity_handle();
  slot.leaving = false;
  if (++slot.deaths >= deaths_max) return park(slot.address.entity, "its actor dies again and again");
  const auto wait = std::min(respawn_last, respawn_first * (1 << (slot.deaths - 1)));
  slot.respawn_at = services_->ports.clock->steady() + wait;
  down_.emplace_back(slot.respawn_at, slot.address.entity);
}

/// Looks at those that are down only; there are few.
void partition_actor::respawn_due() {
  const auto now = services_->ports.clock->steady();
  for (auto waiting = std::exchange(down_, {}); !waiting.empty(); waiting.pop_front()) {
    const auto& [at, entity] = waiting.front();
    auto found = slots_.find(entity);
    if (found == slots_.end() || found->second.actor) continue; // parked, or alive again
    if (at <= now) respawn(found->second);
    else down_.push_back(waiting.front());
  }
}

/// Gives a fresh actor what the dead one had: records it did not report, in order, then commands that are not in the log.
void partition_actor::respawn(entity_slot& slot) {
  std::vector<held_for_entity> again;
  std::optional<entity_tip> before;
  std::erase_if(held_proposals_, [&](const propose_record& each) { return each.command->envelope.target.entity == slot.address.entity; });
  for (auto& batch : open_)
    for (std::size_t i = 0; i < batch.reported.size(); ++i) {
      const auto& headers = (*batch.records)[i].content.headers;
      if (batch.reported[i] || headers.entity != slot.address.entity) continue;
      if (!before) before = entity_tip{{headers.first_sequence.value - 1}, headers.previous_hash};
      again.push_back(apply_record{batch.records, i, batch.number});
    }
  slot.commands = 0;
  for (auto& [ledger, command] : commands_) {
    if (command->envelope.target.entity != slot.address.entity) continue;
    ++slot.commands;
    const bool in_the_log = command->proposed.has_value(); // its record is under way or read back: that answers it
    if (!in_the_log) again.push_back(decide_command{command});
  }
  for (auto& each : slot.held)
    if (std::holds_alternative<visit_state>(each)) again.push_back(std::move(each));
  slot.held.clear();
  if (again.empty() && slot.commands == 0) return drop_slot(slot);
  spawn(slot, before ? *before : tip_of(slot.address.entity));
  for (auto& each : again) give(slot, std::move(each));
}

/// Out of memory goes what was not used for a while, and the longest unused when the budget is passed.
void partition_actor::passivate() {
  const auto now = services_->ports.clock->steady();
  const auto& options = services_->options;
  const auto budget = options.entity_memory_bytes / std::max<std::size_t>(1, services_->ports.log->partitions());
  auto leaving_bytes = std::size_t{0};
  auto* slot = recency_.oldest();
  for (std::size_t i = 0; slot != nullptr && i < passivated_per_tick; ++i, slot = slot->newer) {
    const bool idle = now - slot->last_used >= options.entity_idle;
    const bool over = memory_bytes_ > budget + leaving_bytes;
    if (!idle && !over) return;
    if (slot->leaving || !slot->actor || slot->commands > 0 || slot->records > 0) continue;
    slot->leaving = true;
    leaving_bytes += slot->memory_bytes;
    send(slot->actor, leave_memory{});
  }
}

/// Entries of batches that are not stored yet. Few: local state is written every so many.
std::vector<events::history_entry> partition_actor::unwritten_history(const events::entity_address& address) const {
  std::vector<events::history_entry> entries;
  auto add = [&](const events::state_batch& batch) {
    for (const auto& [of, entry] : batch.history)
      if (of == address) entries.push_back(entry);
  };
  add(unwritten_);
  for (const auto& batch : open_) add(batch.writes);
  return entries;
}

void partition_actor::visit(const visit_entity& message) {
  const bool ready = phase_ == ownership::serving || phase_ == ownership::renewing || phase_ == ownership::draining;
  if (!ready || parked_.contains(message.visit->target.entity)) {
    message.visit->visit(events::fail(events::failure_code::unavailable, ready ? "the entity is parked" : reason_));
    return;
  }
  give(slot_of(message.visit->target), visit_state{message.visit});
}

void partition_actor::read_history(const history_wanted& message) {
  if (!shared_) return message.done(events::fail(events::failure_code::unavailable, reason_));
  auto store = shared_->store;
  services_->work([store, services = services_, partition = partition_, message,
                   unwritten = unwritten_history(message.entity)] {
    record_source records{services->ports.log, partition};
    message.done(read_entity_history(*store, records, *services->ports.keys, message.entity, message.after, message.updates_max,
                                     unwritten));
  }, [done = message.done](const events::failure& why) { done(std::unexpected(why)); });
}

void partition_actor::read_texts(const texts_wanted& message) {
  if (!shared_) return message.done(events::fail(events::failure_code::unavailable, reason_));
  services_->work([store = shared_->store, services = services_, partition = partition_, message, unwritten = unwritten_history(message.entity)] {
    record_source records{services->ports.log, partition};
    std::vector<said_text> found;
    for (auto sequence : message.sequences) {
      auto happened = read_event_again(*store, records, *services->ports.keys, message.entity, sequence, unwritten);
      if (!happened) return message.done(std::unexpected(happened.error()));
      for (auto& each : *happened)
        if (each.context.sequence == sequence) found.push_back(said_text::in(each));
    }
    message.done(std::move(found));
  }, [done = message.done](const events::failure& why) { done(std::unexpected(why)); });
}

} // namespace reverie::actors::runtime
