#pragma once

#include <caf/all.hpp>

#include <cstddef>
#include <string>

/// All that differs between CAF 0.17 and 1.x: no other file names a CAF version, a scheduler setting or a signature form.
namespace reverie::actors::runtime {

static_assert(CAF_MAJOR_VERSION == 0 && CAF_MINOR_VERSION == 17, "adapt this file to the CAF found");

/// A typed actor that takes these messages and answers none by return: all answers are messages of their own.
template <class... Messages>
using actor_taking = caf::typed_actor<caf::reacts_to<Messages>...>;

/// How actors are run: by threads, or step by step under a test's control.
enum class scheduling { threads, deterministic };

/// `sharing` is the only policy that stays fast with many runnable actors (the default one ran 40 times slower with 50,000).
inline void set_scheduling(caf::actor_system_config& config, scheduling how, std::size_t threads) {
  if (how == scheduling::deterministic) {
    config.set("scheduler.policy", caf::atom("testing"));
    return;
  }
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", threads);
}

/// Text of an actor's end, for the log.
inline std::string describe(const caf::actor_system& system, const caf::error& reason) { return system.render(reason); }

} // namespace reverie::actors::runtime
