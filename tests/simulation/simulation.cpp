#include "tests/simulation/simulation.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace reverie::simulation {

using namespace std::chrono_literals;

simulation::simulation(const run_options& how) : how_(how) {
  world_.draw = std::make_shared<chance>(how.seed * 0x9E3779B97F4A7C15ULL + 1);
  world_.clock = std::make_shared<tests::fake_clock>();
  world_.said = std::make_shared<trace>(world_.clock);
  world_.vault = std::make_shared<events::memory_wrapped_key_store>();
  world_.door = std::make_shared<vault_door>(world_.vault);
  world_.bug = how.bug;
  draw_world();
}

void simulation::draw_world() {
  auto& draw = *world_.draw;
  const auto partitions = static_cast<std::uint32_t>(1 + draw.below(3));
  const auto machines = 1 + draw.below(3);
  const auto persons = 1 + draw.below(3);
  const auto characters = 1 + draw.below(2);
  actions_ = 300 + draw.below(900);
  world_.log = std::make_shared<events::memory_log>(partitions);
  truth_ = std::make_shared<log_truth>(world_.log, world_.vault);
  book_ = std::make_shared<request_book>(truth_, world_.said, world_.clock);
  const auto up_to = [&](double most) { return draw.happens(0.3) ? 0.0 : most * static_cast<double>(draw.below(100)) / 100; };
  weather_ = {up_to(0.15), up_to(0.12), up_to(0.10), up_to(0.06), up_to(0.06), up_to(0.03)};
  world_.said->say("world", std::to_string(partitions) + " partitions, " + std::to_string(machines) + " machines, " + std::to_string(persons) +
                                " people, " + std::to_string(characters) + " characters, " + std::to_string(actions_) + " actions");
  for (std::size_t i = 0; i < machines; ++i) {
    machines_.push_back(std::make_unique<machine>());
    machines_.back()->name = "node" + std::to_string(i + 1);
  }
  if (how_.nodes_talk && machines > 1) {
    world_.network = std::make_shared<simulated_network>(world_.draw, world_.said);
    world_.network->break_way = up_to(0.08);
    world_.said->say("world", "processes reach each other");
  }
  group_.resize(partitions);
  split_ = draw.happens(0.5);
  if (world_.network) book_->answers_come_from_anywhere();
  people_ = std::make_unique<people>(world_, book_, persons, characters);
  for (std::size_t i = 0; i < persons; ++i)
    for (std::size_t k = 0; k <= draw.below(2); ++k)
      devices_.push_back(std::make_shared<device>("device" + std::to_string(devices_.size() + 1), people_->all()[i].id, world_, attempts_));
  for (std::uint32_t i = 0; i < partitions; ++i)
    for (std::size_t k = 0; k <= draw.below(2); ++k)
      projectors_.push_back(std::make_unique<projector>(world_, tables_, events::partition_number{i}, "folder" + std::to_string(projectors_.size() + 1)));
}

run_result simulation::run() {
  for (auto& each : machines_)
    if (processes_.empty() || world_.draw->happens(0.6)) start_on(*each);
  rebalance();
  for (std::size_t i = 0; i < actions_ && result_.wrong.empty(); ++i) act();
  end_faults();
  run_until_quiet();
  check_liveness();
  check_states();
  check_replies();
  for (const auto& each : book_->check_all()) wrong(each);
  for (const auto& each : attempts_->wrong()) wrong(each);
  for (const auto& each : devices_)
    for (const auto& what : each->check(*truth_)) wrong(what);
  check_rows();
  check_local_states();
  devices_.clear();
  processes_.clear();
  check_recovery();
  const auto counters = truth_->counters();
  result_.counted = counters.counted;
  result_.fenced = counters.fenced;
  result_.repeated = counters.repeated;
  result_.messages = world_.said->messages();
  result_.accepted = book_->accepted();
  result_.trace = world_.said->lines();
  return std::move(result_);
}

void simulation::act() {
  using self = simulation;
  static constexpr std::array<action, 14> actions{{{600, &self::let_actors_run}, {60, &self::let_gateway_run}, {140, &self::look_at_log},
                                                   {70, &self::deliver}, {90, &self::let_model_speak}, {220, &self::somebody_asks},
                                                   {20, &self::somebody_repeats}, {100, &self::time_passes}, {3, &self::time_jumps},
                                                   {60, &self::fold_on}, {16, &self::change_nodes}, {14, &self::settle_group},
                                                   {90, &self::look_around}, {160, &self::carry_frames}}};
  static constexpr auto total = std::accumulate(actions.begin(), actions.end(), 0U, [](unsigned sum, const action& each) { return sum + each.weight; });
  auto drawn = world_.draw->below(total);
  const auto* chosen = actions.data();
  while (drawn >= chosen->weight) drawn -= (chosen++)->weight;
  (this->*chosen->act)();
  upkeep();
}

simulated_process* simulation::any_running() {
  std::vector<simulated_process*> running;
  for (const auto& each : processes_)
    if (!each->paused()) running.push_back(each.get());
  return running.empty() ? nullptr : world_.draw->one_of(running);
}

void simulation::let_actors_run() {
  auto* one = any_running();
  if (one == nullptr) return;
  const auto most = world_.draw->happens(0.4) ? 200 : 1 + world_.draw->below(30);
  for (std::size_t i = 0; i < most && one->step(); ++i)
    for (const auto& each : devices_) // at once: the partition may be taken again a few messages later
      if (each->process() == one && !one->cluster && !one->serves(partition_of(each->user().value))) each->disconnect("this process does not serve it");
}

void simulation::look_around() {
  if (auto* one = any_running()) one->look_around();
}

void simulation::carry_frames() {
  if (!world_.network) return;
  for (std::size_t i = 0; i <= world_.draw->below(8); ++i) world_.network->deliver_one();
}

void simulation::let_gateway_run() {
  if (auto* one = any_running())
    for (std::size_t i = 0; i <= world_.draw->below(8); ++i) one->step_gateway();
}

void simulation::look_at_log() {
  teach_slices();
  if (auto* one = any_running()) one->look();
}

void simulation::deliver() {
  std::vector<faulty_producer*> all;
  for (const auto& each : processes_) all.push_back(each->log.get());
  for (const auto& each : wires_) all.push_back(each.get());
  std::erase_if(all, [](const auto* each) { return !each->anything_waits(); });
  if (all.empty()) return;
  auto* one = world_.draw->one_of(all);
  for (std::size_t i = 0; i <= world_.draw->below(3); ++i) one->deliver_one();
}

void simulation::let_model_speak() {
  if (auto* one = any_running())
    for (std::size_t i = 0; i <= world_.draw->below(4); ++i) one->model->go_on();
}

void simulation::somebody_asks() {
  people_->ask_something([this](const events::uuid& slice_key) { return process_for(slice_key); });
}

void simulation::somebody_repeats() {
  people_->repeat_something([this](const events::uuid& slice_key) { return process_for(slice_key); });
}

void simulation::time_passes() {
  world_.clock->advance(std::chrono::milliseconds{world_.draw->between(1, world_.draw->happens(0.2) ? 2'500 : 300)});
  keep_time();
}

void simulation::time_jumps() {
  const auto by = std::chrono::milliseconds{world_.draw->between(4'000, 70'000)};
  world_.said->say("time", "jumps by " + std::to_string(by.count()) + " ms");
  world_.clock->advance(by);
  keep_time();
}

void simulation::keep_time() {
  for (const auto& each : processes_) each->keep_time();
  people_->try_again([this](const events::uuid& slice_key) { return process_for(slice_key); });
}

void simulation::fold_on() {
  auto& one = *world_.draw->one_of(projectors_);
  if (world_.draw->happens(0.08)) one.crash();
  else one.go_on();
}

/// Devices come back where they can be served, and tell their people which replies they saw.
void simulation::upkeep() {
  for (auto& each : book_->wrong()) wrong(each);
  for (const auto& each : devices_) {
    const auto partition = partition_of(each->user().value);
    auto* at = each->process();
    if (at != nullptr && each->broken()) each->disconnect("its subscription failed");
    else if (at != nullptr && !at->reaches(partition)) each->disconnect("this process does not serve it");
    else if (at != nullptr && at->paused() && world_.draw->happens(0.02)) each->disconnect("no heartbeat");
    else if (at != nullptr && world_.draw->happens(0.003)) each->disconnect("a tunnel");
    if (!each->connected() && world_.draw->happens(0.2)) {
      auto* to = process_for(each->user().value);
      if (to != nullptr && !to->paused() && to->reaches(partition)) each->connect(*to);
    }
    for (const auto& who : people_->all())
      if (who.id == each->user()) each->follow(who.conversations);
    for (const auto& [session, reply] : each->take_replies()) people_->note_reply(session, reply);
  }
}

run_result simulate(const run_options& how) { return simulation{how}.run(); }

} // namespace reverie::simulation
