#include "projections/runner/progress_board.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>

namespace reverie::projections {
namespace {

using std::chrono::hours;

const events::log_position place{{0}, {7}};

TEST(progress_board, tells_those_who_wait_as_soon_as_a_place_is_folded) {
  progress_board board(1);
  std::atomic<int> told = 0;
  board.when_folded(place, hours{1}, [&](bool there) { told = there ? 1 : -1; });
  board.report({0}, {{"messages", 1, {0}, {7}, 0, 0, {}}});
  EXPECT_EQ(told, 0);
  board.report({0}, {{"messages", 1, {0}, {8}, 0, 0, {}}});
  EXPECT_EQ(told, 1);
}

TEST(progress_board, ends_all_waits_when_it_stops_and_takes_no_more) {
  progress_board board(1);
  int ended = 0;
  auto count = [&](bool there) { ended += there ? 100 : 1; };
  board.when_folded(place, hours{1}, count);
  board.when_folded(place, hours{2}, count);
  board.stop();
  EXPECT_EQ(ended, 2);
  board.when_folded(place, hours{1}, count);
  EXPECT_EQ(ended, 3) << "at once";
  board.stop();
}

TEST(progress_board, waits_for_versions_that_serve_and_not_for_older_ones) {
  progress_board board(1);
  int told = 0;
  board.report({0}, {{"messages", 1, {0}, {3}, 5, 0, {}, false}, {"messages", 2, {0}, {8}, 0, 0, {}, true}});
  board.when_folded(place, hours{1}, [&](bool there) { told = there ? 1 : -1; });
  EXPECT_EQ(told, 1);
}

TEST(progress_board, vouches_for_no_place_from_when_a_worker_lost_its_database_until_it_knows_its_place_again) {
  progress_board board(2);
  for (const std::uint32_t each : {0U, 1U}) board.report({each}, {{"messages", 1, {each}, {8}, 0, 0, {}}});
  const auto is_folded = [&](events::log_position position) {
    auto told = std::make_shared<std::atomic<int>>(0);
    board.when_folded(position, hours{1}, [told](bool there) { *told = there ? 1 : -1; });
    return told;
  };
  board.report_problem({0}, "the keys are not there", false);
  EXPECT_EQ(*is_folded(place), 1) << "it stands still, and knows where";
  board.report_problem({0}, "the connection is lost", true);
  const auto waits = is_folded(place);
  EXPECT_EQ(*waits, 0);
  EXPECT_EQ(*is_folded({{1}, place.offset}), 1) << "another partition's worker lost nothing";
  board.report({0}, {{"messages", 1, {0}, {6}, 2, 0, {}}});
  EXPECT_EQ(*waits, 0) << "what the database lost is folded anew first";
  board.report({0}, {{"messages", 1, {0}, {8}, 0, 0, {}}});
  EXPECT_EQ(*waits, 1);
  board.stop();
}

TEST(progress_board, tells_how_long_a_projection_has_been_behind) {
  progress_board board(1);
  board.report({0}, {{"messages", 1, {0}, {8}, 0, 0, {}}});
  EXPECT_EQ(board.status().front().lag_seconds, 0);
  board.report({0}, {{"messages", 1, {0}, {8}, 4, 0, {}}});
  const auto before = board.status().front().lag_seconds;
  EXPECT_GE(before, 0);
  EXPECT_LT(before, 60) << "since it was at the end, not since the log began";
  EXPECT_GE(board.status().front().lag_seconds, before);
}

} // namespace
} // namespace reverie::projections
