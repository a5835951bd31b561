#include "tests/support/seeded_steps.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <utility>
#include <vector>

namespace reverie::tests {

namespace {

caf::scheduler::test_coordinator& coordinator(caf::actor_system& system) {
  return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
}

} // namespace

std::size_t runnable_actors(caf::actor_system& system) { return coordinator(system).jobs.size(); }

bool step_one_actor(caf::actor_system& system, const std::function<std::size_t(std::size_t)>& choose) {
  auto& steps = coordinator(system);
  if (steps.jobs.empty()) return false;
  if (steps.jobs.size() > 1) std::swap(steps.jobs.front(), steps.jobs[choose(steps.jobs.size())]);
  steps.run_once();
  return true;
}

void run_all_actors(caf::actor_system& system) { coordinator(system).run(); }

void pass_time(caf::actor_system& system, std::chrono::milliseconds by) { coordinator(system).advance_time(by); }

bool kill_one_actor(caf::actor_system& system, const std::function<std::size_t(std::size_t)>& choose,
                    const std::function<bool(caf::resumable&)>& may_die) {
  std::vector<caf::resumable*> mortal;
  for (auto* each : coordinator(system).jobs)
    if (may_die(*each)) mortal.push_back(each);
  if (mortal.empty()) return false;
  auto* one = dynamic_cast<caf::scheduled_actor*>(mortal[choose(mortal.size())]);
  if (one == nullptr) return false;
  caf::anon_send_exit(one->address(), caf::exit_reason::kill);
  return true;
}

} // namespace reverie::tests
