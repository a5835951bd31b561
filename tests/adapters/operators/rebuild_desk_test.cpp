#include "ops/operator/projection_desk.hpp"
#include "tests/support/comes_true.hpp"
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
  std::string versions_of(const std::string& projection) {
    return database.ask("SELECT count(*) FROM runner.projection_versions WHERE projection = '" + projection + "'");
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

TEST_F(rebuild_desk, goes_on_by_itself_with_what_an_earlier_server_was_about) {
  read(desk()->act({.projection = "messages", .what = "rebuild", .rate = 10, .switch_over = false}));
  const auto second = desk();
  second->resume_interrupted(20s);
  EXPECT_TRUE(comes_true([&] { return read(second->rebuild_of("messages"))["state"] == "ready"; }));
  EXPECT_EQ(read(second->rebuild_of("messages"))["rate_limit"], 10);
  EXPECT_FALSE(second->resume_free()) << "nothing is left to be done";
  ASSERT_TRUE(second->wait_until_idle(20s));
  EXPECT_EQ(versions_of("messages"), "2");
}

TEST_F(rebuild_desk, leaves_what_was_paused_and_what_a_tool_was_about_to_who_resumes_it) {
  {
    const auto first = desk();
    read(first->act({.projection = "messages", .what = "rebuild", .rate = 1}));
    read(first->act({.projection = "messages", .what = "pause"}));
    ASSERT_TRUE(comes_true([&] { return read(first->rebuild_of("messages"))["state"] == "paused"; }));
  }
  const projections::fold* users[] = {projections::find_fold("users")};
  std::stop_source tool;
  const auto stop_at_once = [&](const projections::bulk_progress&) { tool.request_stop(); };
  ASSERT_FALSE(projections::rebuild({database.conninfo(), world.log, world.keys}, users, stop_at_once, tool.get_token(), {.pace = {.events_per_second = 1}}));
  const auto second = desk();
  EXPECT_FALSE(second->resume_free());
  EXPECT_TRUE(second->wait_until_idle(0ms));
  EXPECT_EQ(database.ask("SELECT string_agg(projection || ' ' || wanted || ' ' || resumptions, ', ' ORDER BY projection) FROM runner.rebuilds"), "messages pause 0, users run 0");
}

TEST_F(rebuild_desk, goes_on_by_itself_three_times_at_most_and_never_from_the_beginning) {
  read(desk()->act({.projection = "messages", .what = "rebuild", .rate = 1}));
  for (int i = 0; i < 3; ++i) {
    const auto next = desk();
    EXPECT_TRUE(next->resume_free() || !next->wait_until_idle(0ms));
    ASSERT_TRUE(comes_true([&] { return database.ask("SELECT resumptions FROM runner.rebuilds") == std::to_string(i + 1); }));
  }
  EXPECT_FALSE(desk()->resume_free());
  // One that switched and was killed before it could say so has nothing left to go on with.
  database.ask("WITH gone AS (UPDATE runner.rebuilds SET resumptions = 0, state = 'running' RETURNING 1), served AS (UPDATE runner.projection_versions SET state = 'followed' RETURNING 1) SELECT count(*) FROM gone, served");
  const auto last = desk();
  EXPECT_FALSE(last->resume_free());
  EXPECT_TRUE(last->wait_until_idle(0ms));
  const projections::fold* messages[] = {projections::find_fold("messages")};
  const auto none = projections::rebuild({database.conninfo(), world.log, world.keys}, messages, {}, {}, {.only_resume = true});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, events::failure_code::not_found);
  EXPECT_EQ(versions_of("messages"), "2");
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
