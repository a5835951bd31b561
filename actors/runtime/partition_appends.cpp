#include "actors/runtime/partition_actor.hpp"

namespace reverie::actors::runtime {

using events::failure_code;
using events::rejection;
using events::rejection_code;

namespace {

rejection refusal_of(const events::failure& why) {
  const auto retry = events::limits::overloaded_retry_after_ms.count();
  switch (why.code) {
  case failure_code::too_large: return {rejection_code::too_large, "This is too large to be kept.", {}, std::nullopt};
  case failure_code::overloaded: return {rejection_code::overloaded, "The server has too much to do. Try again in a moment.", {}, retry};
  default: return {rejection_code::unavailable, "Nothing can be stored right now. Try again in a moment.", {}, retry};
  }
}

bool outcome_is_unknown(failure_code code) { return code == failure_code::outcome_unknown || code == failure_code::timed_out; }

} // namespace

/// A sealed decision. While a fresh epoch is being announced it waits; else it goes into the log under the pair that counts.
void partition_actor::propose(const propose_record& message) {
  const auto& command = message.command;
  auto found = commands_.find(command->ledger);
  if (found == commands_.end() || found->second != command) return;
  if (phase_ != ownership::serving && phase_ != ownership::draining) {
    held_proposals_.push_back(message);
    return;
  }
  command->subject = message.subject;
  command->proposed = message.content->headers.hash;
  command->appended_by = mine_->writer;
  command->read_back = false;
  message.content->headers.epoch = mine_->epoch;
  message.content->headers.writer = mine_->writer;
  append_deadlines_.push_back(
      {services_->ports.clock->steady() + events::limits::append_deadline_ms, command->ledger, *command->proposed});
  append(command, message.content);
}

/// That it was stored proves nothing (a zombie is told so too), so with threads only failures are reported; a test's log has no thread
/// that waits for records, so there each end is reported and the tail is asked to look.
void partition_actor::append(const command_ptr& command, std::shared_ptr<events::record> content) {
  auto self = caf::actor_cast<partition_handle>(this);
  auto headers = std::make_shared<events::record_headers>();
  headers->command = content->headers.command;
  headers->hash = content->headers.hash;
  headers->writer = content->headers.writer;
  headers->entity = content->headers.entity;
  services_->ports.log->append(
      partition_, std::move(*content),
      [self, command, headers = std::move(headers), always = !services_->options.detached](events::outcome<events::log_offset> end) {
        if (end && !always) return;
        append_ended told;
        told.command = command;
        told.of = headers;
        if (!end) told.failed = std::make_shared<const events::failure>(std::move(end.error()));
        caf::anon_send(self, std::move(told));
      });
}

void partition_actor::end_append(const append_ended& message) {
  if (phase_ == ownership::none || phase_ == ownership::recovering) return;
  if (!message.failed) {
    read_on();
    return;
  }
  const auto& headers = *message.of;
  const auto& why = *message.failed;
  if (announced_ && headers.hash == announced_->hash) {
    if (outcome_is_unknown(why.code)) return renew(why.message);
    announced_.reset();
    announce_at_ = services_->ports.clock->steady() + std::chrono::milliseconds{500};
    log(severity::warning, "the announcement was not stored: " + why.message);
    return;
  }
  const bool current = mine_ && headers.writer == mine_->writer;
  if (outcome_is_unknown(why.code)) {
    if (current && (phase_ == ownership::serving || phase_ == ownership::draining)) renew(why.message);
    read_on();
    return;
  }
  if (!current) return;
  if (headers.entity.kind == events::entity_kind::partition) {
    say_once(severity::error, "a control record was not stored: " + why.message);
    slices_at_ = services_->ports.clock->steady() + std::chrono::milliseconds{1'000};
    return;
  }
  auto& command = *message.command;
  if (!command.proposed || *command.proposed != headers.hash || command.read_back) return;
  command.proposed.reset();
  auto slot = slots_.find(headers.entity);
  if (slot != slots_.end() && slot->second.actor)
    send(slot->second.actor, proposal_ended{std::make_shared<const rejection>(refusal_of(why)), message.command});
}

/// Our own deadline, not the log's: past it the outcome counts as unknown.
void partition_actor::check_append_deadlines() {
  const auto now = services_->ports.clock->steady();
  while (!append_deadlines_.empty()) {
    const auto& first = append_deadlines_.front();
    auto found = commands_.find(first.ledger);
    const bool open = found != commands_.end() && found->second->proposed == first.hash && !found->second->read_back;
    if (open && first.due > now) return;
    if (open && (phase_ == ownership::serving || phase_ == ownership::draining)) {
      renew("an append was not read back in time");
      return;
    }
    append_deadlines_.pop_front();
  }
}

} // namespace reverie::actors::runtime
