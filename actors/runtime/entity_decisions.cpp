#include "actors/runtime/entity_actor.hpp"

#include "events/model/assert.hpp"

namespace reverie::actors::runtime {

using events::failure_code;
using events::rejection;
using events::rejection_code;

void entity_actor::decide(const command_ptr& command) {
  auto& services = *shared_->services;
  const auto& envelope = command->envelope;
  const auto person = sealed_for(core_->address(), core_->logic(), &envelope.command);
  events::shared_key key;
  if (!person.is_nil()) {
    key = services.ports.keys->find(person);
    if (!key) {
      held_.insert(held_.begin(), decide_command{command});
      ask_key(person, core_->last_sequence().value == 0);
      return;
    }
  }
  if (repeat_known(*command, key.get(), command)) return;
  decision_context context;
  context.now = services.ports.clock->now();
  context.caller = envelope.caller;
  context.seed = services.random_bytes();
  context.self = core_->address();
  auto decided = core_->logic().decide(envelope.command, context);
  if (decided && decided->left_out > 0) {
    services.extracted.facts_left_out += decided->left_out;
    services.log(severity::warning, events::to_string(core_->address().entity) + ": " + decided->remark);
  }
  if (!decided) {
    conclude(command, std::unexpected(std::move(decided.error())));
  } else if (decided->events.empty()) {
    conclude(command, command_answer{decided->subject, position_now(), false, false, core_->last_sequence()});
  } else {
    propose(command, std::move(*decided), person, key.get());
  }
}

/// A command whose answer is stored is compared, not done again.
bool entity_actor::repeat_known(const pending_command& command, const events::data_key* key, const command_ptr& shared_command) {
  if (!command.known) return false;
  const bool same = command.known->entity == core_->address().entity && command.known->digest == digest_of(command.envelope.command, key);
  if (same) conclude(shared_command, command_answer{command.known->subject, command.known->position, true, true, command.known->sequence});
  else refuse(shared_command, rejection_code::conflict, "This command id was used for something else.", false);
  return true;
}

void entity_actor::propose(const command_ptr& command, accepted decided, events::user_id person, const events::data_key* key) {
  auto sealed = core_->seal(command->envelope, decided.events, shared_->services->ports.clock->now(), person, key);
  if (!sealed) {
    refuse(command, rejection_code::too_large, "This is too large to be kept.", false);
    return;
  }
  under_way_ = std::make_unique<proposal>(proposal{command, sealed->headers.hash, std::move(decided.events)});
  send(shared_->owner, propose_record{command, std::make_shared<events::record>(std::move(*sealed)), decided.subject});
}

void entity_actor::end_proposal(const proposal_ended& message) {
  const auto waits_here = [&](const auto& each) {
    const auto* decides = std::get_if<decide_command>(&each);
    return decides != nullptr && decides->command == message.command;
  };
  if (under_way_ ? under_way_->command != message.command : std::ranges::any_of(held_, waits_here)) return;
  auto command = message.command;
  under_way_.reset();
  if (message.refuse) conclude(command, std::unexpected(*message.refuse));
  else held_.insert(held_.begin(), decide_command{std::move(command)});
  resume();
}

/// False when a key is missing and was asked for: the record waits.
bool entity_actor::apply(const apply_record& message) {
  const auto& record = (*message.records)[message.index];
  auto& services = *shared_->services;
  std::vector<events::recorded_event> happened;
  command_ptr overtaken;
  events::uuid subject; // of an own record the partition knows it
  if (under_way_ && under_way_->hash == record.content.headers.hash) {
    happened = with_contexts(record, std::move(under_way_->decided));
    under_way_.reset();
  } else {
    auto read = core_->read(record, opener_from(*services.ports.keys, key_access::memory_only));
    if (!read && read.error().code == failure_code::key_unavailable) {
      if (auto person = sealed_for(core_->address(), core_->logic(), nullptr); !person.is_nil() && !services.ports.keys->find(person)) {
        ask_key(person, false);
        return false;
      }
    }
    if (!read) {
      send(shared_->owner, record_applied{core_->address().entity, message.batch, message.index, nullptr,
                                          std::make_shared<const events::failure>(read.error()), core_->memory_bytes(), {}});
      return true;
    }
    happened = std::move(*read);
    std::vector<events::event> payloads;
    for (const auto& each : happened) payloads.push_back(each.payload);
    subject = subject_of(payloads);
    if (under_way_) { // another record took the place in the chain: what was proposed can never count
      overtaken = std::move(under_way_->command);
      under_way_.reset();
    }
  }
  auto asked = core_->apply(record, happened);
  publish(std::move(happened), record.position);
  std::shared_ptr<applied_effects> effects;
  if (!asked.begun.empty() || !asked.settled.empty()) effects = std::make_shared<applied_effects>(std::move(asked));
  send(shared_->owner, record_applied{core_->address().entity, message.batch, message.index, std::move(effects), nullptr,
                                      core_->memory_bytes(), subject});
  if (overtaken) held_.insert(held_.begin(), decide_command{std::move(overtaken)});
  constexpr std::uint32_t save_after = 64; // bounds what a later load has to read from the log
  if (++applied_since_save_ >= save_after) save(false);
  return true;
}

/// Pushes come before the report that answers the caller and starts effects; so a reply's start is seen before its pieces.
void entity_actor::publish(std::vector<events::recorded_event> happened, const events::log_position& position) {
  auto& hub = *shared_->services->hub;
  const auto& address = core_->address();
  if (events::is_fork(address.entity.kind)) return; // an operator's: no client hears of it
  const events::session_id session{address.entity.id};
  for (const auto& each : happened) {
    if (const auto* started = std::get_if<events::session::reply_started>(&each.payload))
      hub.begin_reply(session, {started->reply, started->parent, started->attempt, position, {}, each.context.sequence}, events::user_id{address.slice_key});
    else if (const auto* completed = std::get_if<events::session::reply_completed>(&each.payload))
      hub.end_reply(session, completed->reply, completed->attempt);
    else if (const auto* failed = std::get_if<events::session::reply_failed>(&each.payload))
      hub.end_reply(session, failed->reply, failed->attempt);
  }
  if (!hub.anyone_listens(address.slice_key)) return;
  hub.publish(address.slice_key,
              std::make_shared<const entity_update>(entity_update{address, position, std::move(happened)}));
}

void entity_actor::conclude(const command_ptr& command, command_outcome result) {
  send(shared_->owner, conclude_command{command, std::make_shared<const command_outcome>(std::move(result))});
}

void entity_actor::refuse(const command_ptr& command, rejection_code code, std::string message, bool retry) {
  rejection why{code, std::move(message), {}, std::nullopt};
  if (retry) why.retry_after_ms = events::limits::overloaded_retry_after_ms.count();
  conclude(command, std::unexpected(std::move(why)));
}

events::log_position entity_actor::position_now() const {
  if (core_->last_position()) return *core_->last_position();
  return {shared_->partition, events::log_offset{}}; // the partition puts its own last position in its place
}

} // namespace reverie::actors::runtime
