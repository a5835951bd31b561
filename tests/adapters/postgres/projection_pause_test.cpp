#include "projections/runner/projection_pause.hpp"
#include "projections/runner/rebuild.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using namespace projections;

struct a_paused_projection : testing::Test {
  test_database database;
  talking_world world;
  events::user_id anna = world.add_user("Anna");
  events::character_id mira = world.add_character("Mira");
  conversation talk{world, anna, mira};
  connection operators = database.connect();
  const fold& messages = *find_fold("messages");

  std::unique_ptr<projection_runner> started() {
    auto runner = std::make_unique<projection_runner>(projection_runner::options{database.conninfo()}, world.log, world.keys);
    const auto done = runner->start();
    EXPECT_TRUE(done) << done.error().message;
    return runner;
  }
  std::string count(const std::string& table) { return database.ask("SELECT count(*) FROM reverie." + table); }
  events::partition_number here() const { return world.last.partition; }
  /// Whether a projection reaches the last position.
  bool reaches_end(projection_runner& runner, const std::string& projection) {
    for (int i = 0; i < 400; ++i) {
      const auto all = runner.progress().status();
      const auto one = std::ranges::find_if(all, [&](const auto& each) { return each.projection == projection && each.partition == here(); });
      if (one != all.end() && one->next > world.last.offset) return true;
      (void)folded(runner, world.last, std::chrono::milliseconds{25}); // a bounded wait on the runner's own notification
    }
    return false;
  }
};

TEST_F(a_paused_projection, stands_still_while_others_go_on_and_then_loses_nothing) {
  const auto runner = started();
  talk.say("before");
  ASSERT_TRUE(all_folded(*runner, world.log));
  ASSERT_EQ(pause_projection(operators, messages, std::nullopt, "the disk is full").value(), world.log.partitions());
  for (int i = 0; i < 20; ++i) talk.say("meanwhile " + std::to_string(i));
  ASSERT_TRUE(reaches_end(*runner, "memories"));
  EXPECT_EQ(count("messages"), "1");
  EXPECT_EQ(count("memories"), "21");
  EXPECT_FALSE(folded(*runner, world.last, std::chrono::milliseconds{100})) << "reads must not be told that it is there";
  EXPECT_EQ(resume_projection(operators, messages, std::nullopt).value(), world.log.partitions());
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(count("messages"), "21");
  EXPECT_EQ(count("memories"), "21");
}

TEST_F(a_paused_projection, stays_so_over_a_restart_and_in_its_partition_only) {
  auto runner = started();
  ASSERT_TRUE(all_folded(*runner, world.log));
  ASSERT_EQ(pause_projection(operators, messages, here(), "look at it first").value(), 1U);
  runner.reset();
  talk.say("one");
  runner = started();
  ASSERT_TRUE(reaches_end(*runner, "memories"));
  EXPECT_EQ(count("messages"), "0");
  const auto paused = paused_projections(operators).value();
  ASSERT_EQ(paused.size(), 1U);
  EXPECT_EQ(paused.front().reason, "look at it first");
  ASSERT_EQ(resume_projection(operators, messages, here()).value(), 1U);
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(count("messages"), "1");
}

TEST_F(a_paused_projection, may_be_all_that_a_worker_has) {
  const auto runner = started();
  ASSERT_TRUE(all_folded(*runner, world.log));
  for (const auto* each : all_folds()) ASSERT_TRUE(pause_projection(operators, *each, std::nullopt, "a night's rest").has_value());
  talk.say("one");
  EXPECT_FALSE(folded(*runner, world.last, std::chrono::milliseconds{200}));
  EXPECT_EQ(count("messages"), "0");
  for (const auto* each : all_folds()) ASSERT_TRUE(resume_projection(operators, *each, std::nullopt).has_value());
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(count("messages"), "1");
}

TEST_F(a_paused_projection, is_not_rebuilt_and_wants_a_reason_and_a_partition_that_is_there) {
  { const auto runner = started(); }
  EXPECT_EQ(pause_projection(operators, messages, std::nullopt, "").error().code, failure_code::malformed);
  EXPECT_EQ(pause_projection(operators, messages, std::nullopt, std::string(501, 'x')).error().code, failure_code::malformed);
  EXPECT_EQ(pause_projection(operators, messages, events::partition_number{99}, "why").error().code, failure_code::malformed);
  EXPECT_EQ(resume_projection(operators, messages, std::nullopt).value(), 0U);
  ASSERT_TRUE(pause_projection(operators, messages, std::nullopt, "wait").has_value());
  const fold* const which[] = {&messages};
  const auto refused = rebuild({database.conninfo(), world.log, world.keys}, which);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, failure_code::locked);
  ASSERT_TRUE(resume_projection(operators, messages, std::nullopt).has_value());
  const auto done = rebuild({database.conninfo(), world.log, world.keys}, which);
  EXPECT_TRUE(done.has_value()) << done.error().message;
}

} // namespace
} // namespace reverie::tests
