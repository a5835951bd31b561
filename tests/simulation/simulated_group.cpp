#include "tests/simulation/simulation.hpp"

#include "events/log/slice_map.hpp"

#include <algorithm>

/// Which processes run, and which of them the group says owns a partition: as a consumer group would, with members that are told late or
/// not at all.
namespace reverie::simulation {

events::partition_number simulation::partition_of(const events::uuid& slice_key) const {
  return events::slice_map::dealt_over(world_.log->partitions()).partition_of(slice_key);
}

/// Mostly who owns the partition, at times anybody.
simulated_process* simulation::process_for(const events::uuid& slice_key) {
  if (processes_.empty()) return nullptr;
  if (world_.network && world_.draw->happens(0.6)) return world_.draw->one_of(processes_).get();
  const auto& owner = group_[partition_of(slice_key).value];
  const auto found = std::ranges::find_if(processes_, [&](const auto& each) { return each->name() == owner; });
  if (found == processes_.end() || world_.draw->happens(0.1)) return world_.draw->one_of(processes_).get();
  return found->get();
}

simulated_process& simulation::start_on(machine& on) {
  const auto how = world_.draw->below(10);
  if (on.starts > 0 && how < 3) on.states = std::make_shared<events::memory_state_store_factory>();
  if (on.starts > 0 && how == 3)
    for (std::uint32_t i = 0; i < world_.log->partitions(); ++i) on.states->of({i})->fall_back();
  processes_.push_back(std::make_unique<simulated_process>(world_, on, weather_, std::vector<events::partition_number>{}));
  auto& made = *processes_.back();
  if (how_.bug == planted_bug::answer_before_read_back)
    made.log->on_report = [book = book_, who = made.name()](const events::record& content, events::log_position place) { book->answer_by_report(who, content, place); };
  world_.said->say(made.name(), on.starts == 1 ? "starts" : how < 3 ? "starts without local state" : how == 3 ? "starts from a checkpoint" : "starts with its local state");
  return made;
}

void simulation::end_process(simulated_process& which, bool crash) {
  for (const auto& each : devices_)
    if (each->process() == &which) each->disconnect("the connection broke");
  const auto name = which.name();
  const auto wire = which.log;
  if (crash) which.crash();
  else which.stop();
  ++result_.crashes;
  book_->lose_attempts_of(name);
  wires_.push_back(wire);
  std::erase_if(processes_, [&](const auto& each) { return each.get() == &which; });
}

/// The group deals the partitions anew: all to one process, or each to any. Who loses one is told, or, frozen or cut off, is not.
void simulation::rebalance() {
  if (processes_.empty()) return;
  auto* to = world_.draw->one_of(processes_).get();
  for (std::uint32_t i = 0; i < group_.size(); ++i) {
    if (split_) to = world_.draw->one_of(processes_).get();
    if (group_[i] == to->name() && to->serves({i})) continue;
    for (const auto& each : processes_)
      if (each->name() == group_[i] && each.get() != to && !each->paused() && world_.draw->happens(0.7)) each->node->release({i});
    group_[i] = to->name();
    ++result_.takeovers;
    world_.said->say("group", "gives partition " + std::to_string(i) + " to " + to->name());
    to->node->acquire({i});
  }
}

/// A node that does not own partition 0 reads the slice map there, as its follower of the log does.
void simulation::teach_slices() {
  const auto known = truth_->slices();
  if (!known || world_.network) return;
  for (const auto& each : processes_)
    if (!each->paused() && !each->node->services().knows_slices()) each->node->services().learn(*known);
}

/// What is nobody's is given to somebody; who was told to own a partition and stepped back takes it again.
void simulation::settle_group() {
  for (std::uint32_t i = 0; i < group_.size(); ++i) {
    const auto owner = std::ranges::find_if(processes_, [&](const auto& each) { return each->name() == group_[i]; });
    if (owner == processes_.end()) return rebalance();
    if (!(*owner)->paused() && !(*owner)->serves({i})) (*owner)->node->acquire({i});
  }
}

/// Two processes believe at the same time that a partition is theirs.
void simulation::claim_twice() {
  const events::partition_number partition{static_cast<std::uint32_t>(world_.draw->below(group_.size()))};
  for (int i = 0; i < 2; ++i) {
    auto* one = any_running();
    if (one == nullptr) return;
    world_.said->say(one->name(), "claims partition " + std::to_string(partition.value));
    one->node->acquire(partition);
  }
}

void simulation::freeze_or_thaw() {
  if (processes_.empty()) return;
  auto& one = *world_.draw->one_of(processes_);
  if (one.paused()) one.resume();
  else one.pause();
}

void simulation::start_somewhere() {
  std::vector<machine*> free;
  for (const auto& each : machines_)
    if (std::ranges::none_of(processes_, [&](const auto& any) { return &any->on() == each.get(); })) free.push_back(each.get());
  if (free.empty()) return;
  start_on(*world_.draw->one_of(free));
  if (world_.draw->happens(0.7)) rebalance();
}

void simulation::crash_one() {
  if (!processes_.empty()) end_process(*world_.draw->one_of(processes_), true);
}

void simulation::stop_one() {
  if (!processes_.empty()) end_process(*world_.draw->one_of(processes_), false);
}

/// Smaller trouble inside a process.
void simulation::disturb() {
  auto* one = any_running();
  if (one == nullptr) return;
  const auto kind = world_.draw->below(4);
  const events::partition_number partition{static_cast<std::uint32_t>(world_.draw->below(group_.size()))};
  if (kind == 0) {
    if (one->kill_an_entity()) world_.said->say(one->name(), "an entity's actor dies");
  } else if (kind == 1) {
    const bool away = world_.draw->happens(0.5);
    world_.door->away = away;
    world_.said->say("vault", away ? "is away" : "is there");
  } else if (kind == 2) {
    world_.shared->damage(partition);
    world_.said->say("shared folder", "the generations of partition " + std::to_string(partition.value) + " are damaged");
  } else {
    const bool full = world_.draw->happens(0.4);
    one->on().states->of(partition)->fail_writes(full ? std::optional{events::failure_code::no_space} : std::nullopt);
    world_.said->say(one->name(), full ? "its disk is full" : "its disk has space");
  }
}

void simulation::change_nodes() {
  const auto kind = world_.draw->below(100);
  if (kind < 14) crash_one();
  else if (kind < 20) stop_one();
  else if (kind < 42) start_somewhere();
  else if (kind < 60) freeze_or_thaw();
  else if (kind < 72) rebalance();
  else if (kind < 84) claim_twice();
  else disturb();
}

} // namespace reverie::simulation
