#include "actors/runtime/partition_actor.hpp"

#include "events/codec/event_codec.hpp"

#include <algorithm>

namespace reverie::actors::runtime {

using std::chrono::milliseconds;

events::record partition_actor::control_record(const events::event& what, events::epoch_number epoch,
                                               events::writer_id writer) const {
  const auto address = control_address(partition_);
  chain_tip tip;
  if (auto known = tips_.find(address.entity); known != tips_.end()) tip = known->second;
  events::record made;
  made.slice_key = address.slice_key;
  made.value = events::encode_events(std::span{&what, 1}, {});
  auto& headers = made.headers;
  headers.epoch = epoch;
  headers.writer = writer;
  headers.entity = address.entity;
  headers.first_sequence = tip.next;
  const auto version = std::visit([](const auto& one) { return static_cast<std::uint16_t>(std::decay_t<decltype(one)>::version); }, what);
  headers.types = {{std::string{events::name_of(what)}, version}};
  headers.at = services_->ports.clock->now();
  headers.previous_hash = tip.hash;
  headers.hash = events::hash_of(made);
  return made;
}

/// Claims the partition under a fresh writer, one epoch above the one that counts. Served only after this is read back.
void partition_actor::announce() {
  if (phase_ != ownership::announcing && phase_ != ownership::renewing) return;
  announce_at_ = {};
  if (!know_tip(control_address(partition_).entity)) return retry_announcing();
  const events::writer_id writer{events::uuid{services_->random_bytes()}};
  const auto epoch = rule_.pair().epoch.next();
  auto made = control_record(events::partition::owner_announced{epoch.value, writer.value, services_->options.node_name}, epoch, writer);
  own_writers_.push_back(writer);
  if (own_writers_.size() > own_writers_kept) own_writers_.erase(own_writers_.begin());
  announced_ = announcement{epoch, writer, made.headers.hash, services_->ports.clock->steady() + events::limits::append_deadline_ms};
  append(nullptr, std::make_shared<events::record>(std::move(made)));
}

/// The place of the control records could not be read: tried again by a tick.
void partition_actor::retry_announcing() {
  parked_.erase(control_address(partition_).entity);
  announce_at_ = services_->ports.clock->steady() + milliseconds{1'000};
}

/// Called for each announcement that counts.
void partition_actor::take_announcement(const events::stored_record& record, const events::partition::owner_announced& announced) {
  if (announced_ && record.content.headers.writer == announced_->writer) {
    mine_ = rule_.pair();
    announced_.reset();
    races_lost_ = 0;
    renewals_ = 0;
    trouble_.clear();
    serving_since_ = services_->ports.clock->steady();
    if (phase_ == ownership::announcing) begin_serving();
    else if (phase_ == ownership::renewing) end_renewal();
    return;
  }
  // An older announcement of our own that came late: the newer one will be found fenced, and is tried again above it.
  if (std::ranges::contains(own_writers_, record.content.headers.writer)) return;
  if (mine_) { // another process announced itself above us: what we append from here on is dead
    step_back("fenced: " + announced.node + " announced epoch " + std::to_string(announced.epoch));
    return;
  }
  // Before the own announcement is read back: ours, if it is under way with the same epoch, will be found fenced.
}

/// The own announcement came second: try above the winner, or step back after some tries.
void partition_actor::lose_race() {
  announced_.reset();
  if (++races_lost_ >= services_->options.announce_attempts) {
    step_back("another process owns the partition");
    return;
  }
  announce_at_ = services_->ports.clock->steady() + milliseconds{50 + static_cast<long>(jitter_() % 200) * races_lost_};
}

void partition_actor::begin_serving() {
  phase_ = stopped_ ? ownership::draining : ownership::serving;
  reason_.clear();
  log(severity::info, "serving under epoch " + std::to_string(mine_->epoch.value));
  if (partition_.value == 0 && !slices_) append_slices();
  resume_effects();
  show_status();
}

/// The first owner of partition 0 writes the slice map; it is learned by all when it is read back.
void partition_actor::append_slices() {
  slices_at_ = {};
  const auto map = events::slice_map::dealt_over(services_->ports.log->partitions());
  auto made = control_record(map.to_event(), mine_->epoch, mine_->writer);
  append(nullptr, std::make_shared<events::record>(std::move(made)));
}

/// An append's outcome is unknown: a fresh producer, a fresh epoch under a fresh writer, and what lies before the own mark counts.
/// One that comes to nothing is followed by the next with back-off; after some in a row the partition is caught up from the log anew.
void partition_actor::renew(const std::string& why) {
  if (phase_ == ownership::none || phase_ == ownership::recovering) return;
  announce_at_ = renew_at_ = {};
  reason_ = "recovering: " + why;
  if (++renewals_ > services_->options.renewals_max) {
    constexpr std::uint32_t doublings_max = 5;
    const auto more = std::min(renewals_ - services_->options.renewals_max, doublings_max);
    step_back("recovering: fresh epochs come to nothing; the last one since " + why);
    recover_at_ = services_->ports.clock->steady() + milliseconds{1'000 << more};
    return;
  }
  if (renewals_ == 1) say_once(severity::warning, why + "; announcing a fresh epoch");
  if (phase_ != ownership::announcing) phase_ = ownership::renewing;
  announced_.reset();
  append_deadlines_.clear();
  auto tell = [self = caf::actor_cast<partition_handle>(this)](std::shared_ptr<const events::failure> failed) {
    caf::anon_send(self, writer_made_anew{std::move(failed)});
  };
  services_->work(
      [log = services_->ports.log, partition = partition_, tell] {
        auto reset = log->reset_writer(partition);
        tell(reset ? nullptr : std::make_shared<const events::failure>(reset.error()));
      },
      [tell](const events::failure& failed) { tell(std::make_shared<const events::failure>(failed)); });
  show_status();
}

/// The first announcement follows at once, later ones and tries to make the writer with back-off: never a tight loop.
void partition_actor::take_fresh_writer(const writer_made_anew& message) {
  if (phase_ != ownership::announcing && phase_ != ownership::renewing) return;
  const auto later = services_->ports.clock->steady() + milliseconds{100 << std::min(renewals_, 6U)};
  if (message.failed) {
    reason_ = "recovering: the writer could not be made anew: " + message.failed->message;
    say_once(severity::error, reason_);
    renew_at_ = later;
    show_status();
  } else if (renewals_ > 1) {
    announce_at_ = later;
  } else {
    announce();
  }
}

/// The mark was read: what was appended under an older pair and was not read before it never counts, and is decided again.
void partition_actor::end_renewal() {
  phase_ = stopped_ ? ownership::draining : ownership::serving;
  reason_.clear();
  for (auto& [ledger, command] : commands_) {
    if (!command->proposed || command->read_back || command->appended_by.is_nil() || command->appended_by == mine_->writer) continue;
    command->proposed.reset();
    auto found = slots_.find(command->envelope.target.entity);
    if (found == slots_.end() || !found->second.actor) continue; // it died: whoever is spawned decides anew
    proposal_ended again;
    again.command = command;
    if (!command->done && command->waiters.empty())
      again.refuse = std::make_shared<const events::rejection>(
          events::rejection{events::rejection_code::unavailable, "It took too long.", {}, std::nullopt});
    send(found->second.actor, std::move(again));
  }
  auto held = std::move(held_proposals_);
  held_proposals_.clear();
  for (const auto& each : held) propose(each);
  if (partition_.value == 0 && !slices_) append_slices();
  show_status();
}

void partition_actor::take_control(const events::stored_record& record, open_batch& batch) {
  auto decoded = events::decode_events(record.content.value, {});
  if (!decoded) {
    park(record.content.headers.entity, decoded.error().message);
    return;
  }
  for (const auto& each : decoded->events) {
    if (const auto* announced = std::get_if<events::partition::owner_announced>(&each)) {
      take_announcement(record, *announced);
      if (phase_ == ownership::none) return;
    } else if (const auto* mapped = std::get_if<events::partition::slices_mapped>(&each)) {
      auto map = events::slice_map::from_event(*mapped, services_->ports.log->partitions());
      if (!map) {
        park(record.content.headers.entity, map.error().message);
        continue;
      }
      slices_ = *map;
      services_->learn(*map);
      batch.writes.blobs.push_back(stored_slices(record, *mapped));
    }
  }
}

} // namespace reverie::actors::runtime
