#include "actors/runtime/effect_codec.hpp"
#include "actors/runtime/partition_actor.hpp"

#include <algorithm>

namespace reverie::actors::runtime {

namespace {
// What was read and not reported by its entities; over it the tail is not asked for more. An entity that waits for a key holds its batch
// open, and the rest has to flow on meanwhile.
constexpr std::size_t open_records_max = 16 * events::limits::read_batch_records;
constexpr std::size_t open_bytes_max = 16 * events::limits::read_batch_bytes;
} // namespace

/// Asks the tail for the next batch, unless one is asked for or too many wait for their entities.
void partition_actor::read_on() {
  if (!tail_ || !tail_idle_ || open_records_ >= open_records_max || open_bytes_ >= open_bytes_max) return;
  tail_idle_ = false;
  send(tail_, read_more{});
}

void partition_actor::take_batch(const records_read& message) {
  if (phase_ == ownership::none || phase_ == ownership::recovering || current_sender() != tail_) return;
  tail_idle_ = true;
  if (message.failed) return take_read_failure(*message.failed);
  if (!reading_failed_.empty()) {
    reading_failed_.clear();
    trouble_.clear();
    log(severity::info, "the log can be read again");
    show_status();
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
  for (const auto& each : records) batch.bytes += each.content.value.size();
  open_records_ += records.size();
  open_bytes_ += batch.bytes;
  read_on();
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].position.offset < next_offset_) continue;
    next_offset_ = records[i].position.offset.next();
    take_record(i, batch);
    if (phase_ == ownership::none) return; // fenced: everything is gone, this batch too
  }
  batch.writes.applied = events::applied_position{next_offset_, rule_.pair()};
  records_since_checkpoint_ += records.size();
  answer_sure();
  close_batches();
  show_status();
  if (!services_->options.detached) read_on();
}

/// Asked again by the next tick. Until it can be read nothing new is admitted: it could not be answered.
void partition_actor::take_read_failure(const events::failure& why) {
  reading_failed_ = (may_pass(why.code) ? "recovering: " : "failed: ") + ("the log can't be read at offset " +
                                                                          std::to_string(next_offset_.value) + ": " + why.message);
  say_once(severity::error, reading_failed_);
  show_status();
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
  // Batches are numbered on and on, and leave in order.
  if (open_.empty() || message.batch < open_.front().number || message.batch > open_.back().number) return;
  auto batch = open_.begin() + static_cast<std::ptrdiff_t>(message.batch - open_.front().number);
  if (batch->reported[message.index]) return;
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
    else finish(held, command_answer{subject, record.position, true, false, record.content.headers.first_sequence});
  }
  if (message.failed) park(message.entity, message.failed->message);
  if (message.effects) {
    const bool own_writer = std::ranges::contains(own_writers_, record.content.headers.writer);
    own_writer ? begin_effects(*message.effects) : take_over_effects(*message.effects);
  }
  close_batches();
  if (open_.empty()) show_status();
  if (services_->options.detached) read_on();
}

/// Batches are stored in order, each once all its entities have reported. Small ones wait for more, until the next tick at the latest: the log
/// holds them, and a write costs more than what is in it.
void partition_actor::close_batches() {
  collect_reported();
  if (unwritten_.history.size() >= services_->options.state_write_records) write_collected(false);
}

/// Before what is read from local state, or left in it for whoever is next.
void partition_actor::write_reported() {
  collect_reported();
  write_collected(false);
}

void partition_actor::collect_reported() {
  auto move_all = [](auto& from, auto& to) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  while (!open_.empty() && open_.front().outstanding == 0 && open_.front().writes.applied) {
    auto& first = open_.front();
    unwritten_effects_.add(std::move(first.effects)); // effects of different batches may be one: the last says how it stands
    move_all(first.writes.blobs, unwritten_.blobs);
    move_all(first.writes.history, unwritten_.history);
    move_all(first.writes.answers, unwritten_.answers);
    move_all(first.writes.tips, unwritten_.tips);
    unwritten_.applied = first.writes.applied;
    open_records_ -= first.records->size();
    open_bytes_ -= first.bytes;
    open_.pop_front();
  }
}

/// What can't be written is kept and tried again by the next tick (`after_failure`); the log holds it anyway.
void partition_actor::write_collected(bool after_failure) {
  if (!shared_ || (store_failing_ && !after_failure)) return;
  const bool nothing = !unwritten_.applied && unwritten_.blobs.empty() && unwritten_effects_.empty();
  if (nothing) return;
  unwritten_effects_.move_into(unwritten_);
  auto written = shared_->store->write(unwritten_);
  if (!written) {
    for (auto& begun : unwritten_.effects_begun) unwritten_effects_.begin(std::move(begun));
    for (auto id : unwritten_.effects_settled) unwritten_effects_.settle(id);
    unwritten_.effects_begun.clear();
    unwritten_.effects_settled.clear();
    say_once(severity::error, "local state can't be written: " + written.error().message);
    store_failing_ = true;
    return show_status();
  }
  if (store_failing_) {
    log(severity::info, "local state can be written again");
    trouble_.clear();
  }
  store_failing_ = false;
  for (const auto& [id, stored] : unwritten_.answers)
    if (auto found = unwritten_answers_.find(id); found != unwritten_answers_.end() && found->second.position == stored.position)
      unwritten_answers_.erase(found);
  unwritten_ = {};
  if (tips_.size() > services_->options.tips_in_memory) forget_tips();
}

/// Bounds what waits while local state can't be written: nothing new is admitted over it; what was admitted before still comes.
bool partition_actor::too_much_unwritten() const {
  return store_failing_ && unwritten_.history.size() >= services_->options.unwritten_records_max;
}

/// All is stored but what open batches hold: the rest is looked up again when it is needed.
void partition_actor::forget_tips() {
  chain_tips kept;
  events::epoch_rule::next_sequences next;
  auto keep = [&](const events::entity_ref& entity) {
    if (auto known = tips_.find(entity); known != tips_.end()) kept.insert(*known);
    if (auto known = rule_.next().find(entity); known != rule_.next().end()) next.insert(*known);
  };
  for (const auto& batch : open_)
    for (const auto& record : *batch.records) keep(record.content.headers.entity);
  for (const auto& [entity, why] : parked_) keep(entity);
  counted_before_ = sum_of(counted_before_, rule_.counted());
  rule_ = events::epoch_rule{rule_.pair(), std::move(next)};
  tips_ = std::move(kept);
}

} // namespace reverie::actors::runtime
