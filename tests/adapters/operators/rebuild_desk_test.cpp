#include "ops/operator/projection_desk.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using gateway::document;

/// Rebuilds and switches as an operator asks for them.
struct rebuild_desk : testing::Test {
  test_database database;
  talking_world world;
  events::user_id anna = world.add_user("Anna");
  events::character_id mira = world.add_character("Mira");
  conversation talk{world, anna, mira};
  projections::connection_pool pool{database.conninfo()};
  projections::projection_runner runner{projections::projection_runner::options{database.conninfo()}, world.log, world.keys};

  void SetUp() override {
    for (int i = 0; i < 10; ++i) talk.say("turn " + std::to_string(i));
    ASSERT_TRUE(runner.start());
    ASSERT_TRUE(all_folded(runner, world.log));
  }
  std::unique_ptr<ops::projection_desk> desk(std::chrono::milliseconds switch_within = 20s) {
    return std::make_unique<ops::projection_desk>(pool, projections::bulk_source{database.conninfo(), world.log, world.keys}, 0, 0, switch_within);
  }
  static document read(const gateway::result<document>& answered) {
    EXPECT_TRUE(answered) << answered.error().message;
    return answered ? *answered : document(nullptr);
  }
};

TEST_F(rebuild_desk, goes_on_with_an_interrupted_rebuild_as_it_was_begun) {
  read(desk()->act({.projection = "messages", .what = "rebuild", .rate = 3, .live_p99_ms = 70, .switch_over = false}));
  const auto second = desk();
  EXPECT_EQ(read(second->rebuild_of("messages"))["state"], "paused");
  auto view = read(second->act({.projection = "messages", .what = "resume"}));
  ASSERT_TRUE(second->wait_until_idle(40s));
  view = read(second->rebuild_of("messages"));
  EXPECT_EQ(view["state"], "ready") << "nobody has confirmed a switch";
  EXPECT_TRUE(view["problem"].is_null());
  EXPECT_EQ(view["rate_limit"], 3);
  EXPECT_EQ(view["live_p99_limit_ms"], 70);
  EXPECT_EQ(second->act({.projection = "messages", .what = "resume"}).error().status, 409);
}

TEST_F(rebuild_desk, answers_with_the_rebuild_when_a_switch_takes_its_time) {
  const auto first = desk(0ms);
  read(first->act({.projection = "messages", .what = "rebuild", .switch_over = false}));
  ASSERT_TRUE(first->wait_until_idle(20s));
  auto view = read(desk()->rebuild_of("messages"));
  EXPECT_EQ(view["state"], "ready");
  EXPECT_EQ(view["comparison"]["differences"], 0) << "another desk knows too what was found";
  view = read(first->act({.projection = "messages", .what = "switch"}));
  ASSERT_TRUE(view.is_object()) << "it is not done at once";
  EXPECT_EQ(view["version"], 2);
  ASSERT_TRUE(first->wait_until_idle(20s));
  EXPECT_EQ(read(first->rebuild_of("messages"))["state"], "switched");
  const auto patient = desk();
  read(patient->act({.projection = "messages", .what = "rebuild", .switch_over = false}));
  ASSERT_TRUE(patient->wait_until_idle(20s));
  EXPECT_TRUE(read(patient->act({.projection = "messages", .what = "switch"})).is_null()) << "it serves";
}

TEST_F(rebuild_desk, says_why_a_version_was_not_switched_to_and_switches_when_told) {
  const events::session_id orphan{world.fresh_id()};
  world.last = world.write({events::entity_kind::session, orphan.value}, anna, {events::session::message_sent{{world.fresh_id()}, {}, "to nobody", {}}});
  ASSERT_TRUE(all_folded(runner, world.log));
  ASSERT_EQ(database.ask("WITH gone AS (DELETE FROM runner.dead_letters WHERE projection = 'messages' RETURNING 1) SELECT count(*) FROM gone"), "1");
  const auto steering = desk();
  read(steering->act({.projection = "messages", .what = "rebuild"}));
  ASSERT_TRUE(steering->wait_until_idle(20s));
  const auto view = read(steering->rebuild_of("messages"));
  EXPECT_EQ(view["state"], "ready");
  EXPECT_TRUE(view["problem"].get<std::string>().contains("dead letters in the new version")) << view.dump();
  EXPECT_EQ(view["comparison"]["parked_in_new"], 1);
  EXPECT_EQ(steering->act({.projection = "messages", .what = "resume"}).error().status, 409);
  EXPECT_TRUE(read(steering->act({.projection = "messages", .what = "switch"})).is_null());
  EXPECT_EQ(read(steering->rebuild_of("messages"))["state"], "switched");
}

} // namespace
} // namespace reverie::tests
