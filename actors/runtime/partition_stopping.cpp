#include "actors/runtime/partition_actor.hpp"

/// How a partition ends in order: because the node stops, or because another node is to own it.
namespace reverie::actors::runtime {

using std::chrono::milliseconds;

void partition_actor::begin_stop(const stop_partition& message) {
  if (auto releasing = std::exchange(stopped_, nullptr)) { // a release under way becomes the end
    gives_away_ = false;
    stopped_ = [releasing, done = message.done] {
      releasing();
      if (done) done();
    };
  } else {
    stopped_ = message.done;
  }
  stop_due_ = services_->ports.clock->steady() + message.within;
  if (phase_ == ownership::none || phase_ == ownership::recovering || phase_ == ownership::announcing) {
    finish_stop();
    return;
  }
  if (phase_ == ownership::serving) phase_ = ownership::draining;
  reason_ = "stopping";
  show_status();
}

/// The same end, but the actor stays: it may be given the partition again. A recovery under way is waited for, as two of them must not
/// write the same local state.
void partition_actor::begin_release(const drop_ownership& message) {
  if (stopped_) { // it ends anyway; one that waits for the same is told together with the first
    auto before = std::exchange(stopped_, nullptr);
    stopped_ = [before, done = message.done] {
      before();
      if (done) done();
    };
    return;
  }
  recover_at_ = {};
  stopped_ = [done = message.done] {
    if (done) done();
  };
  gives_away_ = true;
  told_to_leave_ = false;
  stop_due_ = services_->ports.clock->steady() + message.within;
  if (phase_ == ownership::recovering) return;
  if (phase_ == ownership::none || phase_ == ownership::announcing || message.within <= milliseconds{0}) return finish_release();
  if (phase_ == ownership::serving) phase_ = ownership::draining;
  reason_ = "moving to another node";
  show_status();
}

/// Accepted commands first, then states, then a checkpoint. `look_again`: at entities that were told to leave and were busy.
void partition_actor::go_on_stopping(bool look_again) {
  if (!stopped_) return;
  const bool late = services_->ports.clock->steady() >= stop_due_;
  if (!late && phase_ == ownership::renewing) return;
  if (!late && (!commands_.empty() || !open_.empty())) return;
  auto finish = [this] { gives_away_ ? finish_release() : finish_stop(); };
  if (late) return finish();
  bool all_gone = slots_.empty();
  if (!all_gone && (look_again || !told_to_leave_)) {
    told_to_leave_ = true;
    all_gone = true;
    for (auto& [entity, slot] : slots_) {
      if (!slot.actor) continue;
      all_gone = false;
      if (slot.leaving) continue;
      slot.leaving = true;
      send(slot.actor, leave_memory{});
    }
  }
  if (!all_gone || checkpoint_running_) return;
  finish();
}

void partition_actor::finish_stop() {
  ended_ = true;
  write_reported();
  auto told = std::exchange(stopped_, nullptr);
  auto store = shared_ ? shared_->store : nullptr;
  auto services = services_;
  step_back(ends_in_order);
  quit();
  checkpoint_and_tell(std::move(services), partition_, std::move(store), false, std::move(told));
}

void partition_actor::finish_release() {
  write_reported();
  auto told = std::exchange(stopped_, nullptr);
  auto store = shared_ ? shared_->store : nullptr;
  gives_away_ = false;
  step_back(moves_in_order);
  recover_at_ = {}; // it may have stepped back by itself before, to take it up again
  reason_ = "not owned by this node";
  recoveries_ = renewals_ = 0;
  show_status();
  checkpoint_and_tell(services_, partition_, std::move(store), true, std::move(told));
}

} // namespace reverie::actors::runtime
