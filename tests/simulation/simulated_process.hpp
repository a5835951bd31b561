#pragma once

#include "actors/runtime/cluster_node.hpp"
#include "gateway/bridge/live_hub.hpp"
#include "tests/simulation/faulty_producer.hpp"
#include "tests/simulation/planted_bug.hpp"
#include "tests/simulation/simulated_model.hpp"
#include "tests/simulation/simulated_network.hpp"
#include "tests/support/actor_world.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <set>
#include <string>

namespace reverie::simulation {

/// A machine: what outlives the processes that run on it one after the other.
struct machine {
  std::string name;
  std::shared_ptr<events::memory_state_store_factory> states = std::make_shared<events::memory_state_store_factory>();
  std::size_t starts = 0;
};

/// The vault as the server's processes reach it: can be away, while who checks the run still sees into it.
class vault_door : public events::wrapped_key_store {
public:
  explicit vault_door(std::shared_ptr<events::memory_wrapped_key_store> inside) : inside_(std::move(inside)) {}
  events::outcome<std::optional<events::wrapped_key_row>> load(events::user_id person) override {
    if (away) return shut();
    return inside_->load(person);
  }
  events::outcome<events::wrapped_key_row> store(events::user_id person, const std::string& wrapped) override {
    if (away) return shut();
    return inside_->store(person, wrapped);
  }
  events::outcome<void> destroy(events::user_id person) override {
    if (away) return shut();
    return inside_->destroy(person);
  }

  bool away = false;

private:
  static std::unexpected<events::failure> shut() { return events::fail(events::failure_code::unavailable, "the vault is away"); }
  std::shared_ptr<events::memory_wrapped_key_store> inside_;
};

/// What all processes of a run share.
struct shared_world {
  std::shared_ptr<events::memory_log> log;
  std::shared_ptr<events::memory_wrapped_key_store> vault;
  std::shared_ptr<vault_door> door;
  std::shared_ptr<tests::fake_clock> clock;
  std::shared_ptr<chance> draw;
  std::shared_ptr<trace> said;
  std::shared_ptr<events::memory_shared_folder> shared = std::make_shared<events::memory_shared_folder>(); ///< of generations
  std::shared_ptr<simulated_network> network; ///< null: processes do not reach each other, each refuses what it does not own
  planted_bug bug = planted_bug::none;
};

/// One process of the server: actors, its own producer, model and gateway bridge, run one message at a time.
class simulated_process {
public:
  simulated_process(shared_world world, machine& on, const log_weather& weather, std::vector<events::partition_number> owned);
  ~simulated_process();
  simulated_process(const simulated_process&) = delete;
  simulated_process& operator=(const simulated_process&) = delete;

  const std::string& name() const { return name_; }
  machine& on() const { return machine_; }

  /// One actor, chosen by chance, handles one message. False when none has anything to do.
  bool step();
  /// One io task of the gateway.
  bool step_gateway();
  bool busy() const;
  /// Looks at the log once more, as its tails would do by themselves.
  void look() { node->look_at_log(); }
  /// Looks for what is to be done of several nodes, as the threads of a cluster_node would.
  void look_around() {
    if (cluster) cluster->look();
  }
  /// What people ask: everything, where processes reach each other.
  actors::actor_node& whole() { return cluster ? static_cast<actors::actor_node&>(*cluster) : *node; }
  /// Whether it can serve a person of this partition.
  bool reaches(events::partition_number partition) const { return cluster ? cluster->caught_up() : serves(partition); }
  /// Tells its timers how late it is; a paused one hears of it later.
  void keep_time();
  void pause();
  void resume();
  bool paused() const { return paused_; }
  /// Ends one entity's actor, as a bug in it would.
  bool kill_an_entity();
  /// Whether it says that it serves the partition. What it says is its own belief.
  bool serves(events::partition_number partition) const;

  /// At once: nothing it does from now on reaches the log, its state, or who asked.
  void crash();
  /// Finishes what was accepted, then ends.
  void stop();
  bool alive() const { return *alive_; }
  /// False once the process is gone: what it still says is not heard.
  std::shared_ptr<const bool> life() const { return alive_; }

  std::shared_ptr<faulty_producer> log;
  std::shared_ptr<tests::crashable_states> states;
  std::shared_ptr<simulated_model> model;
  std::shared_ptr<actors::runtime::node> node;
  std::shared_ptr<actors::runtime::cluster_node> cluster; ///< null: the world has no network
  std::unique_ptr<gateway::live_hub> hub;
  std::set<events::partition_number> assigned; ///< what its group told it to own

private:
  actors::runtime::node_options options(std::vector<events::partition_number> owned);
  void drive();
  void end();

  shared_world world_;
  machine& machine_;
  std::string name_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::chrono::milliseconds told_{}; ///< how far its timers know the time
  bool paused_ = false;
  bool stopping_ = false;
  boost::asio::io_context io_{1};
};

} // namespace reverie::simulation
