#include "events/log/slice_map.hpp"
#include "ops/operator/entity_desk.hpp"
#include "tests/adapters/operators/telling_node.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

namespace reverie::tests {
namespace {

using gateway::document;
using gateway::privacy_mode;

/// Somebody who has begun more conversations than a page shows.
struct person_world : testing::Test {
  static constexpr std::size_t most = 500;
  test_database database;
  talking_world world{1};
  events::user_id anna = world.add_user("Anna");
  std::vector<events::session_id> talks;
  std::vector<events::log_position> begun;
  projections::connection_pool pool{database.conninfo()};
  projections::projection_runner runner{projections::projection_runner::options{database.conninfo()}, world.log, world.keys};

  void SetUp() override {
    world.write(events::partition_entity({0}), {}, {events::slice_map::dealt_over(1).to_event()});
    const auto mira = world.add_character("Mira");
    for (std::size_t i = 0; i < most + 3; ++i) {
      const conversation one(world, anna, mira);
      talks.push_back(one.session);
      begun.push_back(world.last);
    }
    ASSERT_TRUE(runner.start());
    ASSERT_TRUE(all_folded(runner, world.log));
  }
  document at(events::log_position position) {
    telling_node node(world.log, world.keys);
    ops::entity_finder finder(world.log, pool);
    ops::log_watch watch(world.log, world.keys, {.records_per_second = 0, .now = [] { return events::timestamp{}; }});
    ops::entity_desk desk(node, world.log, world.keys, finder, pool, watch);
    auto seen = desk.world(anna, position, privacy_mode::masked);
    EXPECT_TRUE(seen) << seen.error().message;
    return seen ? *seen : document(nullptr);
  }
  static std::string name(events::session_id session) { return "session/" + to_string(session); }
};

TEST_F(person_world, shows_the_newest_conversations_and_says_that_there_are_older_ones) {
  const auto now = at(begun.back());
  EXPECT_TRUE(now["truncated"].get<bool>());
  ASSERT_EQ(now["sessions"].size(), most);
  EXPECT_EQ(now["sessions"][0]["entity"], name(talks.back())) << "the one that is open";
  EXPECT_EQ(now["sessions"][most - 1]["entity"], name(talks[3]));
  EXPECT_EQ(now["bonds"].size(), 1u);
  const auto then = at(begun[1]);
  EXPECT_FALSE(then["truncated"].get<bool>()) << "what came later pushes nothing out";
  ASSERT_EQ(then["sessions"].size(), 2u);
  EXPECT_EQ(then["sessions"][0]["entity"], name(talks[1]));
  const auto behind = at({{0}, {1'000'000}});
  EXPECT_EQ(behind["sessions"].size(), most);
}

} // namespace
} // namespace reverie::tests
