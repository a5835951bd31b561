#include "actors/runtime/effect_codec.hpp"
#include "actors/runtime/partition_actor.hpp"

#include <algorithm>

namespace reverie::actors::runtime {

namespace {
constexpr std::size_t open_batches_max = 16; ///< over it the tail is not asked for more
} // namespace

/// Asks the tail for the next batch, unless one is asked for or too many wait for their entities.
void partition_actor::read_on() {
  if (!tail_ || !tail_idle_ || open_.size() >= open_batches_max) return;
  tail_idle_ = false;
  send(tail_, read_more{});
}

void partition_actor::take_batch(const records_read& message) {
  if (phase_ == ownership::none || phase_ == ownership::recovering || current_sender() != tail_) return;
  tail_idle_ = true;
  if (message.failed) {
    log(severity::error, "the log can't be read: " + message.failed->message);
    reason_ = message.failed->message;
    return; // the next tick asks again
  }
  const auto& records = *message.records;
  if (records.empty()) {
    if (services_->options.detached) read_on();
    return;
  }
  auto& batch = open_.emplace_back();
  batch.number = ++last_batch_;
  batch.records = message.records;
  batch.reported.resize(records.size(), true);
  read_on();
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].position.offset < next_offset_) continue;
    next_offset_ = records[i].position.offset.next();
    take_record(i, batch);
    if (phase_ == ownership::none) return; // fenced: everything is gone, this batch too
  }
  batch.writes.applied = events::applied_position{next_offset_, rule_.pair()};
  records_since_checkpoint_ += records.size();
  close_batches();
  show_status();
  if (!services_->options.detached) read_on();
}

/// Judges one record by the rule that every reader follows, checks its link, and hands it to its entity.
void partition_actor::take_record(std::size_t index, open_batch& batch) {
  const auto& record = (*batch.records)[index];
  const auto& headers = record.content.headers;
  if (!know_tip(headers.entity)) {
    // Going on would store a place behind a record that nobody judged: taken up again from the last stored place.
    auto why = parked_[headers.entity];
    step_back("local state can't be read: " + why);
    recover_at_ = services_->ports.clock->steady() + std::chrono::milliseconds{1'000};
    return;
  }
  const auto verdict = rule_.admit(record.content);
  if (verdict == events::record_verdict::fenced) count_fenced(record);
  if (verdict == events::record_verdict::gap) park(headers.entity, "a gap in its sequence at " + events::to_string(record.position));
  if (verdict != events::record_verdict::counts) return;
  auto& tip = tips_[headers.entity];
  const bool control = headers.entity.kind == events::entity_kind::partition;
  command_ptr command;
  if (!control) {
    auto found = commands_.find(ledger_id(record.content.slice_key, headers.command));
    if (found != commands_.end()) command = found->second;
  }
  const bool own = command && command->proposed == headers.hash;
  const bool linked = headers.previous_hash == tip.hash && (own || events::hash_of(record.content) == headers.hash);
  if (own) command->read_back = true;
  note_record(batch.writes, record, own ? command->subject : events::uuid{});
  if (!control && !headers.command.is_nil())
    unwritten_answers_.insert_or_assign(batch.writes.answers.back().first, batch.writes.answers.back().second);
  if (!linked) park(headers.entity, "its chain is broken at " + events::to_string(record.position));
  if (linked && !control && !parked_.contains(headers.entity)) dispatch(record, index, batch);
  tip = {record.content.last_sequence().next(), headers.hash};
  if (linked && control) take_control(record, batch);
}

/// The next sequence of an entity is stored beside the position; it is looked up once.
bool partition_actor::know_tip(const events::entity_ref& entity) {
  if (tips_.contains(entity)) return true;
  auto stored = shared_->store->tip_of(entity);
  if (!stored) {
    park(entity, "its place in the log could not be read: " + stored.error().message);
    return false;
  }
  auto& tip = tips_[entity];
  if (!*stored) return true;
  tip = {(*stored)->first, (*stored)->second};
  rule_.restore(entity, tip.next);
  return true;
}

void partition_actor::count_fenced(const events::stored_record& record) {
  const auto& headers = record.content.headers;
  if (announced_ && headers.hash == announced_->hash) lose_race();
}

/// To the live entity, or to one that is made for it, standing just before the record.
void partition_actor::dispatch(const events::stored_record& record, std::size_t index, open_batch& batch) {
  const auto& headers = record.content.headers;
  auto& slot = slot_at(record.content.address(), {{headers.first_sequence.value - 1}, headers.previous_hash});
  ++slot.records;
  ++batch.outstanding;
  batch.reported[index] = false;
  give(slot, apply_record{batch.records, index, batch.number});
}

/// An entity applied a record: the caller is answered, effects start, and the batch comes nearer to being stored.
void partition_actor::take_report(const record_applied& message) {
  auto batch = std::ranges::find_if(open_, [&](const open_batch& each) { return each.number == message.batch; });
  if (batch == open_.end() || batch->reported[message.index]) return;
  batch->reported[message.index] = true;
  --batch->outstanding;
  const auto& record = (*batch->records)[message.index];
  const auto ledger = ledger_id(record.content.slice_key, record.content.headers.command);
  auto command = commands_.find(ledger);
  const bool own = command != commands_.end() && command->second->proposed == record.content.headers.hash;
  const auto subject = own ? command->second->subject : message.subject;
  if (!own)
    for (auto& [id, stored] : batch->writes.answers)
      if (stored.position == record.position) {
        stored.subject = subject;
        unwritten_answers_.insert_or_assign(id, stored);
      }
  if (auto found = slots_.find(message.entity); found != slots_.end()) {
    auto& slot = found->second;
    if (slot.records > 0) --slot.records;
    slot.deaths = 0;
    memory_bytes_ += message.memory_bytes;
    memory_bytes_ -= slot.memory_bytes;
    slot.memory_bytes = static_cast<std::uint32_t>(message.memory_bytes);
    touch(slot);
  }
  if (message.effects) {
    for (const auto& begun : message.effects->begun) batch->effects.begin(to_pending(begun));
    for (auto id : message.effects->settled) batch->effects.settle(id);
  }
  if (command != commands_.end()) {
    auto held = command->second;
    if (message.failed)
      finish(held, std::unexpected(events::rejection{events::rejection_code::unavailable,
                                                     "This can't be used right now: it is being repaired.", {},
                                                     events::limits::overloaded_retry_after_ms.count()}));
    else finish(held, command_answer{subject, record.position, true, false});
  }
  if (message.failed) park(message.entity, message.failed->message);
  if (message.effects) begin_effects(*message.effects);
  close_batches();
  if (open_.empty()) show_status();
  if (services_->options.detached) read_on();
  if (phase_ == ownership::draining) go_on_stopping();
}

/// Batches are stored in order, each once all its entities have reported; those that are ready go in one write.
void partition_actor::close_batches() {
  if (!shared_) return;
  events::state_batch ready = std::move(unwritten_);
  unwritten_ = {};
  effect_changes changes; // begun and settled of different batches may name one effect: the last one counts
  for (auto& begun : ready.effects_begun) changes.begin(std::move(begun));
  for (auto id : ready.effects_settled) changes.settle(id);
  ready.effects_begun.clear();
  ready.effects_settled.clear();
  auto move_all = [](auto& from, auto& to) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  while (!open_.empty() && open_.front().outstanding == 0 && open_.front().writes.applied) {
    auto& first = open_.front();
    changes.add(std::move(first.effects));
    move_all(first.writes.blobs, ready.blobs);
    move_all(first.writes.history, ready.history);
    move_all(first.writes.answers, ready.answers);
    move_all(first.writes.tips, ready.tips);
    ready.applied = first.writes.applied;
    open_.pop_front();
  }
  changes.add(std::move(loose_settled_));
  loose_settled_ = {};
  changes.move_into(ready);
  write(std::move(ready));
}

/// What can't be written is kept and tried again by the next tick; the log holds it anyway.
void partition_actor::write(events::state_batch batch) {
  const bool nothing = !batch.applied && batch.blobs.empty() && batch.effects_settled.empty() && batch.effects_begun.empty();
  if (nothing || !shared_) return;
  auto written = shared_->store->write(batch);
  if (!written) {
    if (!store_failing_) log(severity::error, "local state can't be written: " + written.error().message);
    store_failing_ = true;
    unwritten_ = std::move(batch);
    return;
  }
  store_failing_ = false;
  for (const auto& [id, stored] : batch.answers)
    if (auto found = unwritten_answers_.find(id); found != unwritten_answers_.end() && found->second.position == stored.position)
      unwritten_answers_.erase(found);
}

/// A generation of the local state, by records or by time; made by a worker, while the partition goes on.
void partition_actor::maybe_checkpoint() {
  const auto now = services_->ports.clock->steady();
  const auto& options = services_->options;
  const bool due = records_since_checkpoint_ >= options.checkpoint_records ||
                   (records_since_checkpoint_ > 0 && now >= checkpoint_at_);
  if (!due || checkpoint_running_) return;
  checkpoint_running_ = true;
  records_since_checkpoint_ = 0;
  checkpoint_at_ = now + options.checkpoint_every;
  auto self = caf::actor_cast<partition_handle>(this);
  services_->work([store = shared_->store, services = services_, self] {
    auto made = store->checkpoint(services->ports.clock->now());
    caf::anon_send(self, checkpoint_made{std::make_shared<const events::outcome<events::checkpoint_manifest>>(std::move(made))});
  });
}

} // namespace reverie::actors::runtime
