#include "actors/runtime/partition_actor.hpp"

namespace reverie::actors::runtime {

using events::rejection;
using events::rejection_code;

namespace {

constexpr std::size_t waiters_per_command = 32;

rejection busy(rejection_code code, std::string message) {
  return {code, std::move(message), {}, events::limits::overloaded_retry_after_ms.count()};
}

} // namespace

bool passes_by_itself(rejection_code code) {
  return code == rejection_code::unavailable || code == rejection_code::overloaded || code == rejection_code::rate_limited ||
         code == rejection_code::duplicate_in_progress;
}

/// Admission: a place in flight, an id never done before, an entity that is not parked. Everything else is answered at once.
void partition_actor::admit(const submit_command& message) {
  const auto& command = message.command;
  const auto& envelope = command->envelope;
  auto refuse = [&](rejection why) { answer(*command, std::unexpected(std::move(why))); };
  if (phase_ != ownership::serving && phase_ != ownership::renewing)
    return refuse(busy(rejection_code::unavailable, stopped_ ? "The server is stopping." : "This part of the server is not ready yet."));
  if (stopped_) return refuse(busy(rejection_code::unavailable, "The server is stopping."));
  if (!reading_failed_.empty()) return refuse(busy(rejection_code::unavailable, "This part of the server can't read its log right now."));
  if (envelope.id.is_nil()) return refuse({rejection_code::validation_error, "A command needs an id.", "command_id", std::nullopt});
  if (kind_of(envelope.command) != events::base_of(envelope.target.entity.kind))
    return refuse({rejection_code::validation_error, "This kind of thing does not take that command.", "target", std::nullopt});
  command->ledger = ledger_id(envelope.target.slice_key, envelope.id);
  if (join_same(command)) return;
  if (commands_.size() >= services_->options.commands_in_flight || too_much_unwritten())
    return refuse(busy(rejection_code::overloaded, "The server has too much to do. Try again in a moment."));
  if (parked_.contains(envelope.target.entity))
    return refuse(busy(rejection_code::unavailable, "This can't be used right now: it is being repaired."));
  auto known = known_answer(command->ledger);
  if (!known) return refuse(busy(rejection_code::unavailable, "This part of the server can't be reached right now."));
  if (is_expired(envelope.id, *known, services_->ports.clock->now()))
    return refuse({rejection_code::command_expired, "This command is too old to be told whether it was done.", {}, std::nullopt});
  command->known = *known;
  command->due = services_->ports.clock->steady() + events::limits::command_deadline_ms;
  commands_.emplace(command->ledger, command);
  deadlines_.emplace_back(command->due, command->ledger);
  auto& slot = slot_of(envelope.target);
  ++slot.commands;
  give(slot, decide_command{command});
}

/// The same id while the first one is under way: waits for the same answer, if it is the same command.
bool partition_actor::join_same(const command_ptr& command) {
  auto found = commands_.find(command->ledger);
  if (found == commands_.end()) return false;
  auto& first = *found->second;
  if (first.envelope.target != command->envelope.target || content_of(first.envelope.command) != content_of(command->envelope.command)) {
    answer(*command, std::unexpected(rejection{rejection_code::conflict, "This command id was used for something else.", {}, std::nullopt}));
  } else if (first.waiters.size() >= waiters_per_command) {
    answer(*command, std::unexpected(busy(rejection_code::duplicate_in_progress, "This command is being done.")));
  } else {
    first.waiters.emplace_back(command->envelope, std::move(command->done));
    deadlines_.emplace_back(services_->ports.clock->steady() + events::limits::command_deadline_ms, command->ledger);
  }
  return true;
}

events::outcome<std::optional<events::stored_answer>> partition_actor::known_answer(const events::command_id& ledger) {
  if (auto recent = unwritten_answers_.find(ledger); recent != unwritten_answers_.end())
    return std::optional<events::stored_answer>{recent->second};
  return shared_->store->answer_of(ledger);
}

/// Tells the caller, and whoever came with the same id.
void partition_actor::answer(pending_command& command, const command_outcome& result) {
  if (auto told = std::move(command.done)) {
    command.done = nullptr;
    told(result);
  }
  auto waiters = std::move(command.waiters);
  command.waiters.clear();
  auto again = result;
  if (again) again->repeated = true;
  for (auto& [envelope, told] : waiters)
    if (told) told(again);
}

/// The command is over: answered, and out of the books.
void partition_actor::finish(const command_ptr& command, const command_outcome& result) {
  if (commands_.erase(command->ledger) == 0) return;
  answer(*command, result);
  if (auto found = slots_.find(command->envelope.target.entity); found != slots_.end() && found->second.commands > 0)
    --found->second.commands;
}

void partition_actor::conclude(const conclude_command& message) {
  auto found = commands_.find(message.command->ledger);
  if (found == commands_.end() || found->second != message.command) return;
  auto result = *message.result;
  // An entity that was loaded does not know its last offset; any place at or after it, up to what was read, says the same.
  if (result && !result->changed && result->position.offset.value == 0 && next_offset_.value > 0)
    result->position = {partition_, {next_offset_.value - 1}};
  if (auto slot = slots_.find(message.command->envelope.target.entity); slot != slots_.end()) touch(slot->second);
  answer_when_sure(message.command, std::move(result));
}

/// Callers whose time is up are told so; the command itself goes on, and its id makes trying again safe.
void partition_actor::expire_commands() {
  const auto now = services_->ports.clock->steady();
  while (!deadlines_.empty() && deadlines_.front().first <= now) {
    auto found = commands_.find(deadlines_.front().second);
    deadlines_.pop_front();
    if (found == commands_.end() || found->second->due > now) continue;
    auto command = found->second;
    if (command->done || !command->waiters.empty())
      answer(*command, std::unexpected(busy(rejection_code::unavailable, "This takes too long right now. Try again.")));
  }
}

void partition_actor::refuse_all(const std::string& why) {
  auto all = std::move(commands_);
  commands_.clear();
  deadlines_.clear();
  for (auto& [ledger, command] : all) answer(*command, std::unexpected(busy(rejection_code::unavailable, why)));
}

} // namespace reverie::actors::runtime
