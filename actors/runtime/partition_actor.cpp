#include "actors/runtime/partition_actor.hpp"

#include "actors/runtime/blocking_actors.hpp"

#include <algorithm>

namespace reverie::actors::runtime {

using std::chrono::milliseconds;

void recency_list::touch(entity_slot& slot) {
  if (newest_ == &slot) return;
  remove(slot);
  slot.older = newest_;
  if (newest_ != nullptr) newest_->newer = &slot;
  newest_ = &slot;
  if (oldest_ == nullptr) oldest_ = &slot;
}

void recency_list::remove(entity_slot& slot) {
  if (slot.older != nullptr) slot.older->newer = slot.newer;
  if (slot.newer != nullptr) slot.newer->older = slot.older;
  if (oldest_ == &slot) oldest_ = slot.newer;
  if (newest_ == &slot) newest_ = slot.older;
  slot.older = slot.newer = nullptr;
}

partition_actor::partition_actor(caf::actor_config& config, std::shared_ptr<node_services> services,
                                 events::partition_number partition)
    : partition_handle::base(config), services_(std::move(services)), partition_(partition), jitter_(partition.value + 1) {}

void partition_actor::on_exit() {
  shared_.reset();
  slots_.clear();
  tail_ = tail_handle();
  reader_.reset();
  services_.reset();
}

partition_handle::behavior_type partition_actor::make_behavior() {
  set_down_handler([this](const caf::down_msg& message) { take_death(message); });
  delayed_send(this, services_->options.tick, partition_tick{});
  return {
      [this](const submit_command& message) { admit(message); },
      [this](const visit_entity& message) { visit(message); },
      [this](const propose_record& message) { propose(message); },
      [this](const conclude_command& message) { conclude(message); },
      [this](const record_applied& message) { take_report(message); },
      [this](const load_failed& message) { take_load_failed(message); },
      [this](const entity_saved& message) { take_saved(message); },
      [this](const effects_remade& message) { take_remade(message); },
      [this](const effect_answered& message) { take_effect_answer(message); },
      [this](const records_read& message) { take_batch(message); },
      [this](const append_ended& message) { end_append(message); },
      [this](const writer_made_anew& message) {
        if (message.failed) renew(message.failed->message);
        else announce();
      },
      [this](const caught_up& message) { take_recovered(message); },
      [this](const checkpoint_made& message) {
        checkpoint_running_ = false;
        if (!*message.result) log(severity::warning, "no checkpoint: " + message.result->error().message);
        if (phase_ == ownership::draining) go_on_stopping();
      },
      [this](const history_wanted& message) { read_history(message); },
      [this](const events_wanted& message) { read_events(message); },
      [this](const partition_tick&) {
        tick();
        if (!ended_) delayed_send(this, services_->options.tick, partition_tick{});
      },
      [this](const take_ownership&) { begin_ownership(); },
      [this](const drop_ownership&) { step_back("given to another node"); },
      [this](const stop_partition& message) { begin_stop(message); },
  };
}

void partition_actor::log(severity how, const std::string& line) const {
  services_->log(how, "partition " + std::to_string(partition_.value) + ": " + line);
}

/// Opening and catching up block, so a worker does them.
void partition_actor::begin_ownership() {
  if (phase_ != ownership::none) return;
  phase_ = ownership::recovering;
  reason_ = "catching up with the log";
  recover_at_ = {};
  show_status();
  auto self = caf::actor_cast<partition_handle>(this);
  services_->work([services = services_, partition = partition_, self] {
    auto result = std::make_shared<recovery_result>(recovery_result{recover_partition(services->ports, partition)});
    caf::anon_send(self, caught_up{std::move(result)});
  });
}

void partition_actor::take_recovered(const caught_up& message) {
  if (phase_ != ownership::recovering) return;
  if (!message.result->partition) {
    retry_later(message.result->partition.error().message);
    return;
  }
  auto& recovered = *message.result->partition;
  recoveries_ = 0;
  shared_ = std::make_shared<partition_shared>(
      partition_shared{services_, partition_, recovered.store, caf::actor_cast<partition_handle>(this)});
  reader_ = std::move(recovered.reader);
  rule_ = std::move(recovered.rule);
  tips_ = std::move(recovered.tips);
  next_offset_ = recovered.applied.next;
  for (auto& each : recovered.pending) {
    auto id = each.id;
    pending_effects_.insert_or_assign(id, std::move(each));
  }
  for (auto& [entity, why] : recovered.parked) park(entity, why);
  slices_ = recovered.slices;
  if (slices_) services_->learn(*slices_);
  log(severity::info, "caught up at offset " + std::to_string(next_offset_.value) + ", " + std::to_string(recovered.records) +
                          " records read");
  auto self = caf::actor_cast<partition_handle>(this);
  tail_ = services_->options.detached ? system().spawn<tail_actor, caf::detached>(services_, self)
                                      : system().spawn<tail_actor>(services_, self);
  send(tail_, follow_log{reader_});
  phase_ = ownership::announcing;
  reason_ = "announcing its owner";
  races_lost_ = 0;
  checkpoint_at_ = services_->ports.clock->steady() + services_->options.checkpoint_every;
  tail_idle_ = true;
  read_on();
  announce();
  show_status();
}

void partition_actor::retry_later(std::string why) {
  log(severity::error, why);
  phase_ = ownership::none;
  reason_ = std::move(why);
  const auto doubled = std::min<std::uint32_t>(recoveries_++, 5);
  recover_at_ = services_->ports.clock->steady() + milliseconds{1000 << doubled};
  show_status();
}

/// No longer the owner: everything in memory goes, nothing more is done here. What was accepted and is not known to be done is
/// answered `unavailable`; its id makes trying again safe.
void partition_actor::step_back(std::string why) {
  if (phase_ == ownership::none) return;
  log(severity::warning, why);
  phase_ = ownership::none;
  reason_ = std::move(why);
  mine_.reset();
  announced_.reset();
  refuse_all("This part of the server has moved. Try again.");
  for (auto& [entity, slot] : slots_)
    if (slot.actor) send_exit(slot.actor, caf::exit_reason::user_shutdown);
  slots_.clear();
  recency_ = {};
  memory_bytes_ = 0;
  open_.clear();
  held_proposals_.clear();
  append_deadlines_.clear();
  deliveries_.clear();
  pending_effects_.clear();
  to_remake_.clear();
  unwritten_ = {};
  unwritten_answers_.clear();
  parked_.clear();
  tips_.clear();
  if (reader_) reader_->wake();
  if (tail_) send(tail_, stop_reading{});
  tail_ = tail_handle();
  reader_.reset();
  shared_.reset();
  show_status();
}

void partition_actor::tick() {
  const auto now = services_->ports.clock->steady();
  expire_commands();
  if (phase_ == ownership::none) {
    if (recover_at_ != milliseconds{} && now >= recover_at_) begin_ownership();
    return;
  }
  if (phase_ == ownership::recovering) return;
  if (announce_at_ != milliseconds{} && now >= announce_at_) announce();
  if (announced_ && now >= announced_->due) renew("the announcement was not read back in time");
  check_append_deadlines();
  respawn_due();
  if (phase_ == ownership::serving) {
    passivate();
    redeliver();
    if (!to_remake_.empty() && now >= remake_at_) remake_effects();
    maybe_checkpoint();
  }
  close_batches();
  read_on();
  if (phase_ == ownership::draining) go_on_stopping();
  show_status();
}

void partition_actor::begin_stop(const stop_partition& message) {
  stopped_ = message.done;
  stop_due_ = services_->ports.clock->steady() + message.within;
  if (phase_ == ownership::none || phase_ == ownership::recovering || phase_ == ownership::announcing) {
    finish_stop();
    return;
  }
  if (phase_ == ownership::serving) phase_ = ownership::draining;
  reason_ = "stopping";
  show_status();
  go_on_stopping();
}

/// Accepted commands first, then states, then a checkpoint.
void partition_actor::go_on_stopping() {
  if (!stopped_) return;
  const bool late = services_->ports.clock->steady() >= stop_due_;
  if (!late && phase_ == ownership::renewing) return;
  if (!late && (!commands_.empty() || !open_.empty())) return;
  if (late) {
    finish_stop();
    return;
  }
  bool all_gone = true;
  for (auto& [entity, slot] : slots_) {
    if (!slot.actor) continue;
    all_gone = false;
    if (slot.leaving) continue;
    slot.leaving = true;
    send(slot.actor, leave_memory{});
  }
  if (!all_gone || checkpoint_running_) return;
  close_batches();
  finish_stop();
}

void partition_actor::finish_stop() {
  ended_ = true;
  auto told = std::move(stopped_);
  auto services = services_;
  auto store = shared_ ? shared_->store : nullptr;
  step_back("stopped");
  quit();
  if (!store) {
    if (told) told();
    return;
  }
  services->work([store, services, told = std::move(told)] {
    if (auto made = store->checkpoint(services->ports.clock->now()); !made)
      services->log(severity::warning, "no checkpoint at the stop: " + made.error().message);
    if (told) told();
  });
}

void partition_actor::show_status() {
  partition_status status;
  status.partition = partition_;
  status.serving = (phase_ == ownership::serving || phase_ == ownership::renewing) && !store_failing_;
  status.reason = status.serving ? "" : store_failing_ ? "local state can't be written" : reason_;
  status.epoch = rule_.pair().epoch;
  status.applied_next = open_.empty() ? next_offset_ : events::log_offset{open_.front().records->front().position.offset};
  status.log_end = next_offset_;
  status.counted = rule_.counted().counted;
  status.fenced = rule_.counted().fenced;
  status.repeated = rule_.counted().repeated;
  status.gaps = rule_.counted().gaps;
  status.live_entities = slots_.size();
  status.parked_entities = parked_.size();
  status.commands_in_flight = commands_.size();
  status.pending_effects = pending_effects_.size();
  services_->show(status);
}

} // namespace reverie::actors::runtime
