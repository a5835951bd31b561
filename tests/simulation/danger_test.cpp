#include "tests/simulation/danger.hpp"

#include <gtest/gtest.h>

#include <iostream>

namespace reverie::simulation {

TEST(danger, is_real_for_a_plain_loop_and_none_for_the_server) {
  outcome_of_danger loop, server;
  const auto add = [](outcome_of_danger& sum, const outcome_of_danger& one) {
    sum.acknowledged += one.acknowledged;
    sum.lost += one.lost;
    sum.doubled += one.doubled;
  };
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    add(loop, endanger_plain_loop(seed));
    const auto ours = endanger_server(seed);
    EXPECT_EQ(ours.lost, 0U) << "seed " << seed;
    EXPECT_EQ(ours.doubled, 0U) << "seed " << seed;
    add(server, ours);
  }
  const auto print = [](const char* what, const outcome_of_danger& of) {
    std::cout << what << ": acknowledged " << of.acknowledged << ", lost " << of.lost << ", doubled " << of.doubled << "\n";
  };
  print("plain loop", loop);
  print("server", server);
  EXPECT_GT(loop.lost, 0U);
  EXPECT_GT(loop.doubled, 0U);
  EXPECT_GT(server.acknowledged, 50U) << "too little happened";
}

} // namespace reverie::simulation
