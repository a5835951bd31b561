#include "actors/runtime/entity_actor.hpp"

#include "events/model/assert.hpp"

#include <algorithm>

namespace reverie::actors::runtime {

using events::failure_code;
using events::rejection_code;

entity_actor::entity_actor(caf::actor_config& config, std::shared_ptr<const partition_shared> shared, entity_start start)
    : entity_handle::base(config), shared_(std::move(shared)), start_(std::make_unique<entity_start>(std::move(start))) {}

void entity_actor::on_exit() {
  held_.clear();
  under_way_.reset();
  core_.reset();
  shared_.reset();
}

entity_handle::behavior_type entity_actor::make_behavior() {
  load();
  return {
      [this](const decide_command& message) { take(message); },
      [this](const apply_record& message) { take(message); },
      [this](const proposal_ended& message) { end_proposal(message); },
      [this](const visit_state& message) { take(message); },
      [this](const leave_memory& message) { take(message); },
      [this](const store_state& message) { take(message); },
      [this](const try_again&) { try_again_now(); },
      [this](const entity_loaded& message) { take_loaded(message); },
      [this](const key_asked& message) { take_key(message); },
  };
}

/// The short way without a worker: an entity never seen, or a stored state at the tip whose key is in memory. Else a worker does it.
void entity_actor::load() {
  auto& services = *shared_->services;
  if (start_->tip.last.value == 0) {
    core_ = std::make_unique<entity_core>(start_->address);
  } else if (auto stored = load_stored(*shared_->store, *services.ports.keys, start_->address, key_access::memory_only);
             stored && (*stored)->last_sequence() == start_->tip.last && (*stored)->last_hash() == start_->tip.hash) {
    core_ = std::move(*stored);
  }
  if (core_) {
    start_.reset();
    phase_ = phase::ready;
    return;
  }
  load_on_worker();
}

void entity_actor::load_on_worker() {
  auto tell = [self = caf::actor_cast<entity_handle>(this)](events::outcome<std::unique_ptr<entity_core>> loaded) {
    caf::anon_send(self, entity_loaded{std::make_shared<events::outcome<std::unique_ptr<entity_core>>>(std::move(loaded))});
  };
  shared_->services->work(
      [shared = shared_, start = *start_, tell] {
        record_source records{shared->services->ports.log, shared->partition};
        tell(load_entity(start.address, start.tip, *shared->store, records, *shared->services->ports.keys, start.unwritten));
      },
      [tell](const events::failure& why) { tell(std::unexpected(why)); });
}

void entity_actor::take_loaded(const entity_loaded& message) {
  if (!*message.loaded) {
    give_up(message.loaded->error());
    return;
  }
  core_ = std::move(**message.loaded);
  start_.reset();
  phase_ = phase::ready;
  tries_ = 0;
  resume();
}

bool entity_actor::record_waits() const {
  return std::ranges::any_of(held_, [](const held& each) { return std::holds_alternative<apply_record>(each); });
}

/// Whoever asked is told; records stay.
void entity_actor::answer_held(const events::failure& why) {
  const bool gone = why.code == failure_code::key_destroyed;
  for (auto& each : held_) {
    if (auto* decide = std::get_if<decide_command>(&each))
      refuse(decide->command, gone ? rejection_code::not_found : rejection_code::unavailable,
             gone ? "There is no such thing." : "This part of the server can't be reached right now.", !gone);
    else if (auto* visit = std::get_if<visit_state>(&each)) visit->visit->visit(std::unexpected(why));
  }
  std::erase_if(held_, [](const held& each) {
    return std::holds_alternative<decide_command>(each) || std::holds_alternative<visit_state>(each);
  });
}

/// Nothing can be done without the state: who waits is answered, and the actor goes; unless a record waits for what may pass.
void entity_actor::give_up(const events::failure& why) {
  answer_held(why);
  if (record_waits() && may_pass(why.code)) return wait_and_try_again();
  const auto entity = start_->address.entity;
  auto shared_why = std::make_shared<const events::failure>(why);
  for (const auto& each : held_)
    if (const auto* apply = std::get_if<apply_record>(&each))
      send(shared_->owner, record_applied{entity, apply->batch, apply->index, nullptr, shared_why, 0, {}});
  held_.clear();
  send(shared_->owner, load_failed{entity, std::move(shared_why)});
  quit();
}

/// With back-off: a record is never passed over for what may pass.
void entity_actor::wait_and_try_again() {
  constexpr std::chrono::milliseconds first{200};
  constexpr std::uint8_t doublings_max = 5;
  delayed_send(this, first * (1 << tries_), try_again{});
  if (tries_ < doublings_max) ++tries_;
}

void entity_actor::try_again_now() {
  if (phase_ == phase::loading) {
    load_on_worker();
  } else if (phase_ == phase::awaiting_key) {
    phase_ = phase::ready;
    resume(); // what waits first asks for its key again
  }
}

/// Commands wait while a record is under way; everything waits, in order, while the state or a key is missing.
void entity_actor::take(held message) {
  const auto* command = std::get_if<decide_command>(&message);
  const bool must_wait = phase_ != phase::ready || (command != nullptr && under_way_);
  if (must_wait) {
    if (command != nullptr) {
      if (under_way_ && shared_->services->ports.planted.lose_stash) return;
      auto waiting = std::ranges::count_if(held_, [](const held& each) { return std::holds_alternative<decide_command>(each); });
      if (static_cast<std::size_t>(waiting) >= events::limits::stash_commands_per_entity) {
        refuse(command->command, rejection_code::overloaded, "Too much is waiting here. Try again in a moment.", true);
        return;
      }
    }
    held_.push_back(std::move(message));
    return;
  }
  handle(std::move(message));
  resume();
}

void entity_actor::handle(held message) {
  if (const auto* command = std::get_if<decide_command>(&message)) {
    decide(command->command);
  } else if (const auto* record = std::get_if<apply_record>(&message)) {
    if (!apply(*record)) held_.insert(held_.begin(), std::move(message)); // waits for a key
  } else if (const auto* visit = std::get_if<visit_state>(&message)) {
    visit->visit->visit(core_.get());
  } else {
    save(std::holds_alternative<leave_memory>(message));
  }
}

/// Goes on with what waits, until something has to wait again.
void entity_actor::resume() {
  while (phase_ == phase::ready && core_ && !held_.empty()) {
    auto ready = std::ranges::find_if(
        held_, [this](const held& each) { return !under_way_ || !std::holds_alternative<decide_command>(each); });
    if (ready == held_.end()) return;
    auto message = std::move(*ready);
    held_.erase(ready);
    handle(std::move(message));
  }
}

void entity_actor::ask_key(events::user_id person, bool fresh) {
  phase_ = phase::awaiting_key;
  auto tell = [self = caf::actor_cast<entity_handle>(this)](events::outcome<void> answer) {
    caf::anon_send(self, key_asked{std::make_shared<const events::outcome<void>>(std::move(answer))});
  };
  shared_->services->work(
      [services = shared_->services, person, fresh, tell] {
        auto key = services->ports.keys->load(person);
        if (!key && key.error().code == failure_code::not_found && fresh) key = services->ports.keys->create(person);
        events::outcome<void> answer;
        if (!key) answer = std::unexpected(key.error());
        tell(std::move(answer));
      },
      [tell](const events::failure& why) { tell(std::unexpected(why)); });
}

void entity_actor::take_key(const key_asked& message) {
  if (phase_ != phase::awaiting_key) return;
  if (!*message.answer && may_pass(message.answer->error().code) && !held_.empty() &&
      std::holds_alternative<apply_record>(held_.front())) {
    answer_held(message.answer->error());
    return wait_and_try_again();
  }
  phase_ = phase::ready;
  if (*message.answer) tries_ = 0;
  if (!*message.answer && !held_.empty()) {
    const auto& why = message.answer->error();
    auto first = std::move(held_.front());
    held_.erase(held_.begin());
    if (const auto* waiting = std::get_if<decide_command>(&first)) {
      const bool gone = why.code == failure_code::key_destroyed || why.code == failure_code::not_found;
      refuse(waiting->command, gone ? rejection_code::not_found : rejection_code::unavailable,
             gone ? "There is no such thing." : "This part of the server can't be reached right now.", !gone);
    } else if (const auto* record = std::get_if<apply_record>(&first)) {
      send(shared_->owner, record_applied{core_->address().entity, record->batch, record->index, nullptr,
                                          std::make_shared<const events::failure>(why), core_->memory_bytes(), {}});
    }
  }
  resume();
}

void entity_actor::save(bool leave) {
  const bool busy = leave && (under_way_ || !held_.empty());
  std::shared_ptr<events::entity_blob> blob;
  if (core_->changed()) {
    // Without the key the state can't be sealed: then it is folded again from the log when it is needed.
    if (auto saved = core_->save(*shared_->services->ports.keys, key_access::memory_only))
      blob = std::make_shared<events::entity_blob>(std::move(*saved));
  }
  applied_since_save_ = 0;
  send(shared_->owner, entity_saved{core_->address().entity, std::move(blob), leave && !busy});
  if (leave && !busy) quit();
}

} // namespace reverie::actors::runtime
