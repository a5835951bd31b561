#include "tests/simulation/simulation.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

namespace reverie::simulation {

namespace {

/// The first seed from 1 on that shows the mistake, or nothing.
std::optional<std::uint64_t> found_by(planted_bug bug, std::uint64_t seeds_max) {
  for (std::uint64_t seed = 1; seed <= seeds_max; ++seed)
    if (!simulate({seed, bug}).wrong.empty()) return seed;
  return std::nullopt;
}

void expect_found(planted_bug bug, std::uint64_t seeds_max) {
  const auto seed = found_by(bug, seeds_max);
  EXPECT_TRUE(seed) << "none of the seeds 1 to " << seeds_max << " shows it";
  if (seed) std::cout << "found by seed " << *seed << "\n";
}

} // namespace

TEST(simulation, finds_nothing_wrong_with_a_small_budget_of_seeds) {
  const auto* first = std::getenv("REVERIE_SEED");
  const std::uint64_t from = first == nullptr ? 1 : std::strtoull(first, nullptr, 10);
  const std::uint64_t runs = first == nullptr ? 30 : 1;
  std::cout << "seeds " << from << " to " << from + runs - 1 << std::endl;
  std::size_t accepted = 0;
  std::uint64_t fenced = 0, repeated = 0;
  for (std::uint64_t seed = from; seed < from + runs; ++seed) {
    const auto result = simulate({seed});
    accepted += result.accepted;
    fenced += result.fenced;
    repeated += result.repeated;
    if (result.wrong.empty()) continue;
    for (const auto& line : result.trace) std::cout << line << "\n";
    for (const auto& each : result.wrong) ADD_FAILURE() << "seed " << seed << ": " << each;
    return;
  }
  if (first != nullptr) return;
  EXPECT_GT(accepted, 300U) << "too little happens";
  EXPECT_GT(fenced, 0U) << "no zombie wrote";
  EXPECT_GT(repeated, 0U) << "no record came twice";
}

TEST(simulation, finds_nothing_wrong_where_processes_reach_each_other) {
  constexpr std::uint64_t runs = 20; // 16 is one that showed something once
  std::cout << "seeds 1 to " << runs << std::endl;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    const auto result = simulate({.seed = seed, .nodes_talk = true});
    for (const auto& each : result.wrong) ADD_FAILURE() << "seed " << seed << ": " << each;
  }
}

TEST(simulation, gives_the_same_trace_for_the_same_seed) {
  for (const std::uint64_t seed : {3U, 14U, 15U}) {
    const auto one = simulate({seed}), other = simulate({seed});
    EXPECT_EQ(one.trace, other.trace) << "seed " << seed;
    EXPECT_GT(one.trace.size(), 20U);
  }
  EXPECT_NE(simulate({3}).trace, simulate({4}).trace);
}

TEST(planted_bugs, a_skipped_epoch_check_is_found) { expect_found(planted_bug::skip_epoch_check, 60); }
TEST(planted_bugs, an_answer_before_the_read_back_is_found) { expect_found(planted_bug::answer_before_read_back, 120); }
TEST(planted_bugs, a_forgotten_sequence_check_is_found) { expect_found(planted_bug::forget_sequence_check, 60); }
TEST(planted_bugs, a_fold_that_is_applied_twice_is_found) { expect_found(planted_bug::apply_fold_twice, 60); }
TEST(planted_bugs, a_lost_stash_is_found) { expect_found(planted_bug::lose_stash, 60); }
TEST(planted_bugs, an_effect_that_is_resumed_twice_is_found) { expect_found(planted_bug::resume_effect_twice, 60); }
TEST(planted_bugs, a_refusal_from_stale_state_is_found) { expect_found(planted_bug::refuse_unproven, 300); }

} // namespace reverie::simulation
