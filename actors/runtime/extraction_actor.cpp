#include "actors/runtime/extraction_actor.hpp"

#include "actors/effects/generation_rules.hpp"
#include "actors/runtime/entity_core.hpp"
#include "actors/runtime/partition_actor.hpp"

#include <utility>

namespace reverie::actors::runtime {

using events::failure;
using events::failure_code;

namespace {

const deliver_command& delivery_in(const begun_effect& effect) { return std::get<deliver_command>(effect.what); }
const bond::observe_turn& turn_of(const begun_effect& effect) {
  return std::get<bond::observe_turn>(std::get<bond::command>(delivery_in(effect).command));
}
events::effect_id id_of(const begin_extraction& message) { return message.effect->id; }
template <class Message>
events::effect_id id_of(const Message& message) {
  return message.id;
}

} // namespace

extraction_actor::extraction_actor(caf::actor_config& config, std::shared_ptr<node_services> services)
    : extraction_handle::base(config), services_(std::move(services)) {}

void extraction_actor::on_exit() {
  turns_.clear();
  services_.reset();
}

/// A handler that throws leaves its turn to the rules; the others go on.
template <class Message>
auto extraction_actor::guarded(void (extraction_actor::*handle)(const Message&)) {
  return [this, handle](const Message& message) {
    try {
      (this->*handle)(message);
    } catch (...) {
      const auto why = unexpected_failure(std::current_exception());
      abandon(id_of(message), why);
      start_next();
    }
  };
}

extraction_handle::behavior_type extraction_actor::make_behavior() {
  using self = extraction_actor;
  return {
      guarded(&self::begin),
      guarded(&self::take_inputs),
      guarded(&self::take_result),
      guarded(&self::take_due),
      [this](const stop_extractions&) { stop_all(); },
  };
}

extraction_actor::extraction* extraction_actor::found(events::effect_id id, std::uint32_t step) {
  const auto at = turns_.find(id);
  return at == turns_.end() || at->second.step != step ? nullptr : &at->second;
}

void extraction_actor::begin(const begin_extraction& message) {
  const auto& effect = message.effect;
  if (turns_.contains(effect->id)) return; // a new owner asks for what is under way here
  if (turns_.size() >= services_->options.extractions_waiting)
    return leave_to_rules(*effect, {failure_code::overloaded, "too many turns wait", std::nullopt});
  const auto session = turn_of(*effect).session;
  turns_[effect->id].effect = effect;
  auto& conversation = conversations_[session];
  conversation.turns.insert_or_assign(effect->cause.sequence, effect->id);
  if (!std::exchange(conversation.busy, true)) ready_.push_back(session);
  start_next();
}

void extraction_actor::start_next() {
  while (running_ < services_->options.extractions_max && !ready_.empty()) {
    const auto conversation = conversations_.find(ready_.front());
    ready_.pop_front();
    if (conversation == conversations_.end()) continue;
    if (conversation->second.turns.empty()) { // what waited was abandoned meanwhile
      conversations_.erase(conversation);
      continue;
    }
    const auto id = conversation->second.turns.begin()->second;
    auto& one = turns_.at(id);
    ++running_;
    one.at = stage::gathering;
    try { // it is this turn that fails, not the one whose message came
      gather(one);
    } catch (...) {
      abandon(id, unexpected_failure(std::current_exception()));
    }
  }
}

/// Leaves a turn that something unforeseen befell to the rules; where even that fails it stays a pending effect.
void extraction_actor::abandon(events::effect_id id, const failure& why) {
  services_->log(severity::error, "a turn could not be looked at: " + why.message);
  const auto at = turns_.find(id);
  if (at == turns_.end()) return;
  const auto effect = at->second.effect;
  drop(id);
  try {
    leave_to_rules(*effect, why);
  } catch (...) {
    services_->log(severity::error, "a turn could not be left to the rules: " + unexpected_failure(std::current_exception()).message);
  }
}

/// Ends the work on a turn; what was said next in its conversation waits for its turn then.
void extraction_actor::drop(events::effect_id id) {
  const auto at = turns_.find(id);
  const auto session = turn_of(*at->second.effect).session;
  auto& conversation = conversations_.at(session);
  conversation.turns.erase(at->second.effect->cause.sequence);
  if (at->second.at != stage::queued) {
    --running_;
    conversation.busy = !conversation.turns.empty();
    if (conversation.busy) ready_.push_back(session);
    else conversations_.erase(session);
  }
  turns_.erase(at);
}

/// The bond says whether there is anything to do and what must not be shown; the session, what was said before.
void extraction_actor::gather(extraction& one) {
  one.step = ++last_step_;
  const auto& turn = turn_of(*one.effect);
  auto told = [self = caf::actor_cast<extraction_handle>(this), id = one.effect->id,
               step = one.step](std::shared_ptr<const extraction_inputs> inputs) {
    caf::anon_send(self, extraction_gathered{id, step, std::move(inputs)});
  };
  services_->visit(delivery_in(*one.effect).target, [services = services_, owner = one.effect->owner, message = turn.message,
                                                     told](events::outcome<const entity_core*> bond_core) {
    const auto told_failure = [told](const failure& why) { told(std::make_shared<const extraction_inputs>(extraction_inputs{{}, why})); };
    if (!bond_core) return told_failure(bond_core.error());
    const auto& bond_now = *static_cast<const bond::state*>((*bond_core)->logic().state_of(events::entity_kind::bond));
    if (!is_to_be_observed(bond_now, message)) return told(nullptr);
    services->visit(owner, [message, barred = bond_now.barred, told, told_failure](events::outcome<const entity_core*> session_core) {
      if (!session_core) return told_failure(session_core.error());
      const auto* now = static_cast<const session::state*>((*session_core)->logic().state_of(events::entity_kind::session));
      told(std::make_shared<const extraction_inputs>(inputs_before(*now, message, barred)));
    });
  });
}

void extraction_actor::take_inputs(const extraction_gathered& message) {
  auto* one = found(message.id, message.step);
  if (one == nullptr || one->at != stage::gathering) return;
  one->inputs = message.inputs;
  const auto effect = one->effect;
  const auto& said = turn_of(*effect).content;
  const bool nothing_to_find = !one->inputs || without_recalled(said).empty();
  std::optional<failure> why;
  if (one->inputs && one->inputs->failed) why = one->inputs->failed;
  else if (said.size() > extraction_message_bytes) why = failure{failure_code::too_large, "the message is too long for it", std::nullopt};
  if (!nothing_to_find && !why) return ask(*one);
  drop(message.id);
  if (nothing_to_find) deliver(*effect, std::nullopt);
  else leave_to_rules(*effect, *why);
  start_next();
}

void extraction_actor::ask(extraction& one) {
  one.at = stage::asking;
  const auto id = one.effect->id;
  const auto step = one.step = ++last_step_;
  const auto& turn = turn_of(*one.effect);
  delayed_send(this, services_->options.extraction_deadline, extraction_due{id, step});
  one.call = services_->ports.facts->extract(
      {without_recalled(turn.content), turn.said_at, one.inputs->before},
      [self = caf::actor_cast<extraction_handle>(this), id, step](events::outcome<bond::turn_extraction> result) {
        caf::anon_send(self, extraction_done{id, step, std::make_shared<const events::outcome<bond::turn_extraction>>(std::move(result))});
      });
}

void extraction_actor::take_result(const extraction_done& message) {
  auto* one = found(message.id, message.step);
  if (one == nullptr || one->at != stage::asking) return;
  one->call.reset();
  const auto effect = one->effect;
  const auto& result = *message.result;
  if (!result && result.error().code != failure_code::malformed && worth_another_try(result.error(), one->tries, false)) {
    const auto jitter = static_cast<double>(random_() % 1000) / 1000.0;
    one->at = stage::waiting;
    one->step = ++last_step_;
    delayed_send(this, wait_before_try(one->tries++, jitter, result.error().retry_after), extraction_due{message.id, one->step});
    return;
  }
  drop(message.id);
  if (result) {
    ++services_->extracted.by_model;
    deliver(*effect, *result);
  } else {
    leave_to_rules(*effect, result.error());
  }
  start_next();
}

void extraction_actor::take_due(const extraction_due& message) {
  auto* one = found(message.id, message.step);
  if (one == nullptr) return;
  if (one->at == stage::waiting) return ask(*one);
  const auto effect = one->effect;
  const auto call = std::move(one->call);
  drop(message.id);
  if (call) call->cancel();
  leave_to_rules(*effect, {failure_code::timed_out, "the model took too long", std::nullopt});
  start_next();
}

/// Never silently: counted, and a line says why.
void extraction_actor::leave_to_rules(const begun_effect& effect, const failure& why) {
  ++services_->extracted.by_rules_instead;
  services_->log(severity::warning, "a model found no facts for " + events::to_string(delivery_in(effect).target.entity) +
                                        ", the rules look instead: " + why.message);
  deliver(effect, std::nullopt);
}

void extraction_actor::deliver(const begun_effect& effect, std::optional<bond::turn_extraction> extracted) {
  auto whole = std::make_shared<begun_effect>(effect);
  auto turn = turn_of(effect);
  turn.extraction = std::move(extracted);
  std::get<deliver_command>(whole->what).command = bond::command{std::move(turn)};
  if (const auto partition = services_->partition_of(effect.owner.slice_key))
    services_->tell(*partition, turn_extracted{std::move(whole)});
}

/// What is under way stays a pending effect: the next start begins it anew.
void extraction_actor::stop_all() {
  for (auto& [id, one] : turns_) {
    one.step = ++last_step_;
    if (auto call = std::move(one.call)) call->cancel();
  }
  turns_.clear();
  quit();
}

} // namespace reverie::actors::runtime
