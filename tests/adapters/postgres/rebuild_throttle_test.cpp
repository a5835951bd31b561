#include "projections/runner/live_latency_store.hpp"
#include "projections/runner/rebuild.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace reverie::tests {
namespace {

using namespace projections;

/// A long conversation and a server that says how its commands fare, as the test tells it to.
struct rebuild_throttle_on_postgres : testing::Test {
  test_database database;
  talking_world world{1};
  bulk_source source{database.conninfo(), world.log, world.keys};
  events::user_id anna = world.add_user("Anna");
  conversation talk{world, anna, world.add_character("Mira")};
  connection operators = database.connect();
  const fold* messages[1] = {find_fold("messages")};
  std::atomic<double> p99_ms = 1;
  std::jthread server{[this](std::stop_token stop) {
    auto own = database.connect();
    comes_true([&] {
      EXPECT_TRUE(tell_live_latency(own, "one", {p99_ms, 100}));
      return stop.stop_requested();
    }, 10min);
  }};
};

TEST_F(rebuild_throttle_on_postgres, works_less_while_commands_are_slow_and_takes_back_when_they_are_fast_again) {
  for (int i = 0; i < 3'000; ++i) talk.say(std::to_string(i));
  p99_ms = 500;
  bool gave_way = false, took_back = false;
  std::string shown;
  const auto done = rebuild(source, messages, [&](const bulk_progress& now) {
    if (now.throttled && !gave_way) {
      gave_way = true;
      shown = database.ask("SELECT throttled || ' ' || (live_p99_ms = 500) || ' ' || live_p99_limit_ms FROM reverie.rebuilds");
      p99_ms = 1;
    }
    took_back = took_back || (gave_way && !now.throttled);
  }, {}, {.pace = {.events_per_second = 600, .live_p99_ms = 50}});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(gave_way);
  EXPECT_TRUE(took_back);
  EXPECT_EQ(shown, "true true 50");
  EXPECT_EQ(database.ask("SELECT throttled FROM reverie.rebuilds"), "f");
}

TEST_F(rebuild_throttle_on_postgres, hears_the_slowest_server_and_nobody_who_fell_silent) {
  server = {};
  ASSERT_TRUE(tell_live_latency(operators, "one", {5, 10}));
  ASSERT_TRUE(tell_live_latency(operators, "two", {70, 20}));
  ASSERT_TRUE(tell_live_latency(operators, "idle", {900, 0}));
  auto heard = read_live_latency(operators);
  ASSERT_TRUE(heard) << heard.error().message;
  ASSERT_TRUE(heard->all);
  EXPECT_DOUBLE_EQ(heard->all->command_p99_ms, 70);
  EXPECT_EQ(heard->all->commands, 30U);
  database.ask("WITH aged AS (UPDATE runner.live_latency SET at = now() - interval '1 minute' RETURNING 1) SELECT count(*) FROM aged");
  EXPECT_FALSE(read_live_latency(operators)->all);
}

TEST_F(rebuild_throttle_on_postgres, can_be_given_another_limit_while_it_runs) {
  for (int i = 0; i < 1'500; ++i) talk.say(std::to_string(i));
  p99_ms = 500;
  bool limited = false;
  const auto done = rebuild(source, messages, [&](const bulk_progress& now) {
    if (limited || now.records_done == 0) return;
    limited = true;
    EXPECT_FALSE(now.throttled) << "it does not look";
    EXPECT_TRUE(steer_rebuild(operators, "messages", "", std::nullopt, 20));
    EXPECT_EQ(database.ask("SELECT wanted || ' ' || live_p99_limit_ms || ' ' || events_per_second FROM runner.rebuilds"), "run 20 600");
  }, {}, {.pace = {.events_per_second = 600}});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(database.ask("SELECT live_p99_limit_ms FROM reverie.rebuilds"), "20");
}

} // namespace
} // namespace reverie::tests
