#include "actors/runtime/cluster_errands.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

using actors::runtime::cluster::errand;
using actors::runtime::cluster::errand_desk;

namespace {

struct outcomes {
  int given_up = 0;
  errand one() {
    errand what;
    what.within = std::chrono::milliseconds{1'000};
    what.give_up = [this] { ++given_up; };
    return what;
  }
};

} // namespace

TEST(cluster_errands, over_the_limit_are_given_up_at_once_and_those_under_way_go_on) {
  outcomes seen;
  auto nobody_owns_it = [](events::partition_number) { return std::optional<std::string>{}; };
  auto desk = std::make_shared<errand_desk>(errand_desk::ways{"here", nobody_owns_it, {}}, 2);
  desk->run(seen.one());
  desk->run(seen.one());
  EXPECT_EQ(seen.given_up, 0);
  desk->run(seen.one());
  EXPECT_EQ(seen.given_up, 1);
  EXPECT_EQ(desk->under_way(), 2U);
  desk->stop();
  EXPECT_EQ(seen.given_up, 3);
}

} // namespace reverie::tests
