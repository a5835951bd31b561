#include "actors/runtime/partition_actor.hpp"

#include "actors/runtime/blocking_actors.hpp"

#include <algorithm>
#include <utility>

namespace reverie::actors::runtime {

using std::chrono::milliseconds;

namespace {
constexpr milliseconds calm{60'000}; ///< of serving, after which earlier crashes do not count
} // namespace

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

/// Also after an end that nobody asked for: what was accepted is answered, and nothing of it lives on.
void partition_actor::on_exit() {
  for (auto& [entity, slot] : slots_)
    if (slot.actor) send_exit(slot.actor, caf::exit_reason::user_shutdown);
  if (tail_) send(tail_, stop_reading{});
  if (reader_) reader_->wake();
  commands_.clear(); // answered as they go
  open_.clear();
  held_proposals_.clear();
  slots_.clear();
  shared_.reset();
  tail_ = tail_handle();
  reader_.reset();
  if (auto told = std::exchange(stopped_, nullptr)) told();
  services_.reset();
}

/// Every message is handled in here, so that a handler that throws ends neither the actor nor the process. A stop goes on between
/// messages, never inside a handler that still looks at what the stop would take away.
template <class Handle>
void partition_actor::attempt(const Handle& handle) {
  if (ended_) return;
  try {
    handle();
    if (!ended_ && phase_ == ownership::draining) go_on_stopping(false);
  } catch (...) {
    start_over(unexpected_failure(std::current_exception()));
  }
}

partition_handle::behavior_type partition_actor::make_behavior() {
  using self = partition_actor;
  set_down_handler([this](const caf::down_msg& message) { attempt([&] { take_death(message); }); });
  delayed_send(this, services_->options.tick, partition_tick{});
  return {
      guarded(&self::admit),
      guarded(&self::visit),
      guarded(&self::propose),
      guarded(&self::conclude),
      guarded(&self::take_report),
      guarded(&self::take_load_failed),
      guarded(&self::take_saved),
      guarded(&self::take_remade),
      guarded(&self::take_effect_answer),
      guarded(&self::take_batch),
      guarded(&self::end_append),
      guarded(&self::take_fresh_writer),
      guarded(&self::take_recovered),
      guarded(&self::take_checkpoint),
      guarded(&self::take_log_end),
      guarded(&self::read_history),
      guarded(&self::read_texts),
      [this](const partition_tick&) {
        if (!ended_) delayed_send(this, services_->options.tick, partition_tick{});
        services_->note_beat(partition_);
        attempt([this] { tick(); });
      },
      [this](const take_ownership&) { attempt([this] { begin_ownership(); }); },
      guarded(&self::begin_release),
      guarded(&self::begin_stop),
      guarded(&self::take_extracted),
      guarded(&self::show_effects),
      guarded(&self::retry_effect),
      guarded(&self::show_standing),
  };
}

/// What is in memory can't be trusted after an unexpected error: it is dropped and made again from the log, with back-off.
void partition_actor::start_over(const events::failure& why) {
  try {
    step_back("failed: " + why.message);
    if (stopped_) return gives_away_ ? finish_release() : finish_stop();
    constexpr std::uint32_t doublings_max = 6;
    recover_at_ = services_->ports.clock->steady() + milliseconds{500 << std::min(crashes_++, doublings_max)};
  } catch (...) { // the watcher of this actor shows it
    services_->log(severity::error, "partition " + std::to_string(partition_.value) + " can't start over: " +
                                        unexpected_failure(std::current_exception()).message);
    quit(caf::exit_reason::unhandled_exception);
  }
}

/// The same trouble, tick after tick, is one line.
void partition_actor::say_once(severity how, const std::string& trouble) {
  if (trouble == trouble_) return;
  trouble_ = trouble;
  log(how, trouble);
}

void partition_actor::log(severity how, const std::string& line) const {
  services_->log(how, "partition " + std::to_string(partition_.value) + ": " + line);
}

/// Opening and catching up block, so a worker does them.
void partition_actor::begin_ownership() {
  if (phase_ != ownership::none) return;
  phase_ = ownership::recovering;
  if (recoveries_ == 0 && crashes_ == 0 && renewals_ == 0) reason_ = "catching up with the log"; // else the cause stays to be seen
  recover_at_ = {};
  show_status();
  auto tell = [self = caf::actor_cast<partition_handle>(this)](events::outcome<recovered_partition> recovered) {
    caf::anon_send(self, caught_up{std::make_shared<recovery_result>(recovery_result{std::move(recovered)})});
  };
  services_->work_recovery([services = services_, partition = partition_, tell] { tell(recover_partition(services->ports, partition)); },
                  [tell](const events::failure& why) { tell(std::unexpected(why)); });
}

void partition_actor::take_recovered(const caught_up& message) {
  if (phase_ != ownership::recovering) return;
  if (gives_away_) return finish_release();
  if (!message.result->partition) {
    retry_later(message.result->partition.error());
    return;
  }
  auto& recovered = *message.result->partition;
  recoveries_ = 0;
  shared_ = std::make_shared<partition_shared>(
      partition_shared{services_, partition_, recovered.store, caf::actor_cast<partition_handle>(this)});
  reader_ = std::move(recovered.reader);
  rule_ = std::move(recovered.rule);
  counted_before_ = recovered.counted_before;
  tips_ = std::move(recovered.tips);
  next_offset_ = recovered.applied.next;
  for (auto& each : recovered.pending) {
    auto id = each.id;
    pending_effects_.insert_or_assign(id, std::move(each));
  }
  for (auto& [entity, why] : recovered.parked) park(entity, why);
  slices_ = recovered.slices;
  if (slices_) services_->learn(*slices_);
  last_checkpoint_ = recovered.checkpoint;
  log(severity::info, "caught up at offset " + std::to_string(next_offset_.value) + ", " + std::to_string(recovered.records) +
                          " records read, beginning with " + recovered.from);
  auto self = caf::actor_cast<partition_handle>(this);
  tail_ = services_->options.detached ? local_actor::spawn<tail_actor, caf::detached + caf::monitored>(services_, self)
                                      : local_actor::spawn<tail_actor, caf::monitored>(services_, self);
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

void partition_actor::retry_later(const events::failure& why) {
  phase_ = ownership::none;
  reason_ = (may_pass(why.code) ? "recovering: " : "failed: ") + why.message;
  say_once(severity::error, reason_);
  const auto doubled = std::min<std::uint32_t>(recoveries_++, 5);
  recover_at_ = services_->ports.clock->steady() + milliseconds{1000 << doubled};
  show_status();
}

/// No longer the owner: everything in memory goes, nothing more is done here. What was accepted and is not known to be done is
/// answered `unavailable`; its id makes trying again safe.
void partition_actor::step_back(std::string why) {
  if (phase_ == ownership::none) return;
  const bool stopped_in_order = why == ends_in_order || why == moves_in_order;
  say_once(why.starts_with("failed") ? severity::error : stopped_in_order ? severity::info : severity::warning, why);
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
  down_.clear();
  open_.clear();
  open_records_ = open_bytes_ = 0;
  reading_failed_.clear();
  announce_at_ = renew_at_ = {};
  held_proposals_.clear();
  append_deadlines_.clear();
  deliveries_.clear();
  unproven_.clear();
  asked_for_.clear();
  sure_at_.clear();
  asking_end_ = false;
  pending_effects_.clear();
  to_remake_.clear();
  unwritten_ = {};
  unwritten_effects_ = {};
  store_failing_ = false;
  checkpoint_running_ = false;
  unwritten_answers_.clear();
  last_checkpoint_.reset();
  parked_.clear();
  tips_.clear();
  if (reader_) reader_->wake();
  if (tail_) send(tail_, stop_reading{});
  tail_ = tail_handle();
  reader_.reset();
  shared_.reset();
  services_->tell_generation(drop_generations{partition_});
  show_status();
}

void partition_actor::tick() {
  const auto now = services_->ports.clock->steady();
  expire_commands();
  if (phase_ == ownership::none) {
    if (stopped_) return gives_away_ ? finish_release() : finish_stop(); // it was fenced while it ended
    if (recover_at_ != milliseconds{} && now >= recover_at_) begin_ownership();
    return;
  }
  if (phase_ == ownership::recovering) return;
  if (announce_at_ != milliseconds{} && now >= announce_at_) announce();
  if (renew_at_ != milliseconds{} && now >= renew_at_) renew("the writer could not be made anew");
  if (reading_failed_.empty()) { // else nothing can be read back, and a fresh epoch would not help
    if (announced_ && now >= announced_->due) renew("the announcement was not read back in time");
    check_append_deadlines();
    if (phase_ == ownership::none) return;
  }
  respawn_due();
  ask_log_end();
  collect_reported();
  write_collected(true);
  if (phase_ == ownership::serving) {
    if (crashes_ > 0 && now - serving_since_ > calm) crashes_ = 0;
    passivate();
    redeliver();
    if (slices_at_ != milliseconds{} && now >= slices_at_ && !slices_) append_slices();
    if (!to_remake_.empty() && now >= remake_at_) remake_effects();
    maybe_checkpoint();
    check_generations();
  }
  read_on();
  show_status();
  if (phase_ == ownership::draining || (stopped_ && phase_ == ownership::renewing)) go_on_stopping(true);
}

void partition_actor::show_status() {
  partition_status status;
  status.partition = partition_;
  const bool owned = phase_ == ownership::serving || phase_ == ownership::renewing;
  status.serving = owned && !store_failing_ && reading_failed_.empty() && renewals_ < 2;
  status.reason = status.serving             ? ""
                  : !reading_failed_.empty() ? reading_failed_
                  : store_failing_           ? "recovering: local state can't be written"
                                             : reason_;
  status.epoch = rule_.pair().epoch;
  status.applied_next = open_.empty() ? next_offset_ : events::log_offset{open_.front().records->front().position.offset};
  status.log_end = next_offset_;
  const auto counted = sum_of(counted_before_, rule_.counted());
  status.counted = counted.counted;
  status.fenced = counted.fenced;
  status.repeated = counted.repeated;
  status.gaps = counted.gaps;
  status.live_entities = slots_.size();
  status.parked_entities = parked_.size();
  status.commands_in_flight = commands_.size();
  status.pending_effects = pending_effects_.size();
  if (status.serving) status.writer = rule_.pair().writer;
  status.checkpoint = last_checkpoint_;
  services_->show(status);
}

} // namespace reverie::actors::runtime
