#pragma once

#include <caf/fwd.hpp>

#include <chrono>
#include <cstddef>
#include <functional>

/// CAF's test coordinator, one message at a time: which of the actors that have something to do takes its turn is chosen by the caller.
namespace reverie::tests {

/// How many actors have something to do.
std::size_t runnable_actors(caf::actor_system& system);
/// Lets one of them handle one message: `choose` is given their number and answers which. False when there was none.
bool step_one_actor(caf::actor_system& system, const std::function<std::size_t(std::size_t)>& choose);
/// Lets all run in turn until nothing is left to do.
void run_all_actors(caf::actor_system& system);
/// Lets time pass for the system's timers.
void pass_time(caf::actor_system& system, std::chrono::milliseconds by);
/// Ends one of the runnable actors for which `may_die` holds, as something unforeseen would. False when there is none.
bool kill_one_actor(caf::actor_system& system, const std::function<std::size_t(std::size_t)>& choose,
                    const std::function<bool(caf::resumable&)>& may_die);

} // namespace reverie::tests
