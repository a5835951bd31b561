#include "actors/runtime/cluster_keeper.hpp"
#include "tests/support/actor_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

using namespace std::chrono_literals;

TEST(actor_pulse, tells_actors_that_stand_still_from_those_that_move) {
  actor_world world;
  auto& process = world.start();
  world.run();
  actors::runtime::actor_pulse pulse(process.node, 1, 50ms);
  auto stands_still = [&] {
    for (auto end = std::chrono::steady_clock::now() + 10s; std::chrono::steady_clock::now() < end; std::this_thread::yield())
      if (!pulse.beats()) return true;
    return false;
  };
  EXPECT_TRUE(pulse.beats());
  EXPECT_TRUE(stands_still()) << "nobody runs the actors";
  world.advance(1s);
  EXPECT_TRUE(pulse.beats());
}

} // namespace reverie::tests
