#include "tests/simulation/simulated_process.hpp"

#include "actors/runtime/entity_actor.hpp"
#include "tests/support/seeded_steps.hpp"

#include <algorithm>

namespace reverie::simulation {

using namespace std::chrono_literals;

simulated_process::simulated_process(shared_world world, machine& on, const log_weather& weather, std::vector<events::partition_number> owned)
    : world_(std::move(world)), machine_(on), name_(on.name + "." + std::to_string(++on.starts)), told_(world_.clock->steady()) {
  log = std::make_shared<faulty_producer>(world_.log, world_.draw, world_.said, name_, world_.bug);
  log->weather = weather;
  states = std::make_shared<tests::crashable_states>(on.states);
  model = std::make_shared<simulated_model>(world_.draw, world_.said, world_.clock, name_);
  assigned.insert(owned.begin(), owned.end());
  actors::runtime::deviations planted;
  planted.lose_stash = world_.bug == planted_bug::lose_stash;
  planted.resume_effect_twice = world_.bug == planted_bug::resume_effect_twice;
  planted.refuse_unproven = world_.bug == planted_bug::refuse_unproven;
  auto keys = std::make_shared<events::caching_key_ring>(world_.door, events::master_key({1, 2, 3}), 100); // its own cache over the one vault
  auto line = [said = world_.said, who = name_, alive = alive_](actors::runtime::severity, std::string_view text) {
    if (*alive) said->say(who, "logs: " + std::string(text));
  };
  const bool idle = owned.empty();
  const actors::runtime::node_ports ports{log, states, std::move(keys), world_.clock, std::make_shared<tests::seeded_random>(world_.draw->number()),
                                          model, nullptr, line, nullptr, planted,
                                          std::make_shared<events::memory_state_generations>(on.states, world_.shared)};
  node = actors::runtime::start_node(options(std::move(owned)), ports);
  if (idle)
    for (std::uint32_t i = 0; i < log->partitions(); ++i) node->release({i}); // nothing owned would mean all
  if (world_.network) {
    actors::runtime::cluster_options how;
    how.self = name_;
    how.threads = false;
    how.follow.window = 40; // so that owners have to be looked for further back
    cluster = actors::runtime::cluster_node::make(std::move(how), node, ports, world_.network->end_of(name_));
    (void)cluster->start(); // in memory it does not fail
  }
  hub = std::make_unique<gateway::live_hub>(whole(), std::vector<boost::asio::any_io_executor>{io_.get_executor()});
}

simulated_process::~simulated_process() {
  if (*alive_) crash();
}

actors::runtime::node_options simulated_process::options(std::vector<events::partition_number> owned) {
  actors::runtime::node_options made;
  made.node_name = name_;
  made.detached = false;
  made.owned = std::move(owned);
  // Small, so that a run of some minutes sees entities leave memory, checkpoints, and states that are behind the log.
  made.entity_idle = 20'000ms;
  made.checkpoint_every = 10'000ms;
  made.checkpoint_records = 40;
  made.share_every = 15'000ms;
  made.check_generations_every = 60'000ms;
  made.tips_in_memory = 16;
  made.drive = [this] { drive(); };
  return made;
}

/// Only while it stops: it runs alone then, and time passes as far as it has to wait.
void simulated_process::drive() {
  if (!stopping_) {
    tests::run_all_actors(node->system());
    tests::pass_time(node->system(), 200ms);
    return;
  }
  log->deliver_all();
  node->look_at_log();
  look_around();
  while (step() || step_gateway()) {}
  world_.clock->advance(50ms);
  keep_time();
  while (step() || step_gateway()) {}
}

bool simulated_process::step() {
  const bool stepped = tests::step_one_actor(node->system(), [this](std::size_t count) { return world_.draw->below(count); });
  if (stepped) world_.said->count_message();
  return stepped;
}

bool simulated_process::step_gateway() {
  io_.restart();
  return io_.poll_one() > 0;
}

bool simulated_process::busy() const { return tests::runnable_actors(node->system()) > 0; }

void simulated_process::keep_time() {
  if (paused_) return;
  const auto now = world_.clock->steady();
  if (now > told_) tests::pass_time(node->system(), now - std::exchange(told_, now));
  model->give_up_silent();
}

void simulated_process::pause() {
  paused_ = true;
  if (world_.network) world_.network->freeze(name_, true);
  world_.said->say(name_, "is frozen");
}

void simulated_process::resume() {
  paused_ = false;
  if (world_.network) world_.network->freeze(name_, false);
  world_.said->say(name_, "goes on");
  keep_time();
}

bool simulated_process::kill_an_entity() {
  return tests::kill_one_actor(node->system(), [this](std::size_t count) { return world_.draw->below(count); },
                               [](caf::resumable& each) { return dynamic_cast<actors::runtime::entity_actor*>(&each) != nullptr; });
}

bool simulated_process::serves(events::partition_number partition) const { return node->status()[partition.value].serving; }

void simulated_process::crash() {
  if (!*alive_) return;
  world_.said->say(name_, "crashes");
  *alive_ = false;
  log->crash();
  states->crash();
  end();
}

void simulated_process::stop() {
  world_.said->say(name_, "stops");
  paused_ = false;
  if (world_.network) world_.network->freeze(name_, false);
  stopping_ = true;
  keep_time();
  node->stop(5'000ms);
  stopping_ = false;
  while (step_gateway()) {}
  *alive_ = false;
  world_.said->say(name_, "has stopped");
  log->crash();
  states->crash();
  end();
}

void simulated_process::end() {
  model->drop_all();
  hub.reset();
  if (cluster) cluster->stop();
  node->stop(0ms);
  model->drop_all();
  cluster.reset();
  node.reset();
}

} // namespace reverie::simulation
