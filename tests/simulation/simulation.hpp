#pragma once

#include "tests/simulation/device.hpp"
#include "tests/simulation/people.hpp"
#include "tests/simulation/projector.hpp"
#include "tests/simulation/simulated_process.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace reverie::simulation {

struct run_options {
  std::uint64_t seed = 1;
  planted_bug bug = planted_bug::none;
  bool nodes_talk = false; ///< processes reach each other: cluster_node is in them
};

/// What a run did, and what was wrong with it.
struct run_result {
  std::vector<std::string> wrong;
  std::vector<std::string> trace;
  std::uint64_t messages = 0; ///< handled by actors
  std::size_t accepted = 0;   ///< commands
  std::size_t crashes = 0, takeovers = 0;
  std::uint64_t counted = 0, fenced = 0, repeated = 0; ///< records
};

/// The whole server for one seed: a world and a schedule are drawn, faults come, faults end, everything is checked.
class simulation {
public:
  explicit simulation(const run_options& how);
  run_result run();

private:
  // simulation.cpp: the schedule
  struct action {
    unsigned weight;
    void (simulation::*act)();
  };
  void draw_world();
  void act();
  void let_actors_run();
  void let_gateway_run();
  void look_at_log();
  void look_around();
  void carry_frames();
  void deliver();
  void let_model_speak();
  void somebody_asks();
  void somebody_repeats();
  void time_passes();
  void time_jumps();
  void fold_on();
  void change_nodes();
  void upkeep();

  // simulated_group.cpp: who runs and who owns what
  simulated_process& start_on(machine& on);
  void end_process(simulated_process& which, bool crash);
  void rebalance();
  void settle_group();
  void teach_slices();
  void claim_twice();
  void freeze_or_thaw();
  void start_somewhere();
  void crash_one();
  void stop_one();
  void disturb();
  simulated_process* process_for(const events::uuid& slice_key);
  simulated_process* any_running();
  events::partition_number partition_of(const events::uuid& slice_key) const;
  void keep_time();

  // end_of_run.cpp: faults end, then all is looked at
  void end_faults();
  void run_until_quiet();
  bool quiet();
  void let_everything_run();
  void check_liveness();
  void check_states();
  void check_local_states();
  void check_recovery();
  void check_replies();
  void check_rows();
  void wrong(std::string what) { result_.wrong.push_back(std::move(what)); }

  run_options how_;
  run_result result_;
  shared_world world_;
  std::shared_ptr<log_truth> truth_;
  std::shared_ptr<request_book> book_;
  std::shared_ptr<attempt_book> attempts_ = std::make_shared<attempt_book>();
  std::unique_ptr<people> people_;
  log_weather weather_;
  std::size_t actions_ = 0;
  bool split_ = false; ///< partitions have different owners
  std::vector<std::unique_ptr<machine>> machines_;
  std::vector<std::unique_ptr<simulated_process>> processes_;
  std::vector<std::shared_ptr<faulty_producer>> wires_; ///< of processes that are gone: what is on its way may arrive
  std::vector<std::string> group_;                      ///< by partition: which process the group says owns it
  std::vector<std::shared_ptr<device>> devices_;
  std::shared_ptr<memory_tables> tables_ = std::make_shared<memory_tables>();
  std::vector<std::unique_ptr<projector>> projectors_;
};

run_result simulate(const run_options& how);

} // namespace reverie::simulation
