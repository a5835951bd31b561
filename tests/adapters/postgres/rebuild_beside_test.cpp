#include "projections/queries/postgres_read_models.hpp"
#include "projections/runner/verify.hpp"
#include "projections/runner/version_switch.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace reverie::tests {
namespace {

using namespace projections;

/// A rebuild beside a runner that lives on, with people who go on talking and readers who look all the time.
struct rebuild_beside : testing::Test {
  test_database database;
  talking_world world{4};
  bulk_source source{database.conninfo(), world.log, world.keys};
  events::user_id anna = world.add_user("Anna");
  events::character_id mira = world.add_character("Mira");
  conversation talk{world, anna, mira};
  const fold* messages[1] = {find_fold("messages")};

  std::unique_ptr<projection_runner> started() {
    auto runner = std::make_unique<projection_runner>(projection_runner::options{database.conninfo()}, world.log, world.keys);
    const auto done = runner->start();
    EXPECT_TRUE(done) << done.error().message;
    return runner;
  }
  std::string versions(const std::string& projection) {
    return database.ask("SELECT string_agg(version || ':' || state || CASE WHEN serving THEN '!' ELSE '' END, ' ' ORDER BY version) "
                        "FROM reverie.projection_versions WHERE projection = $1", {projection});
  }
  static std::string problems(projection_runner& runner) {
    std::string all;
    for (const auto& each : runner.progress().status()) all += each.projection + "_v" + std::to_string(each.version) + " " + each.problem + "; ";
    return all;
  }
  std::uint64_t differences() {
    const auto compared = verify(source, all_folds());
    EXPECT_TRUE(compared) << compared.error().message;
    return compared ? compared->differences : 1;
  }
};

TEST_F(rebuild_beside, lets_a_running_runner_go_on_with_both_versions) {
  const auto runner = started();
  for (int i = 0; i < 50; ++i) talk.say("before " + std::to_string(i));
  ASSERT_TRUE(all_folded(*runner, world.log));
  const auto done = rebuild(source, all_folds());
  ASSERT_TRUE(done) << done.error().message;
  for (const auto& each : done->projections) {
    EXPECT_TRUE(each.switched && each.compared) << each.projection;
    EXPECT_EQ(each.found.differences, 0U) << each.projection;
  }
  for (int i = 0; i < 50; ++i) talk.say("after " + std::to_string(i));
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(versions("messages"), "1:followed 2:followed!");
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.messages"), "100");
  EXPECT_EQ(database.ask("SELECT count(*) FROM messages_v1.messages"), "100");
  EXPECT_EQ(differences(), 0U);
}

TEST_F(rebuild_beside, trap_10_is_not_noticed_by_readers_and_writers) {
  const auto runner = started();
  connection_pool pool(database.conninfo());
  postgres_read_models read(pool);
  std::atomic<bool> over = false;
  std::atomic<int> reads = 0;
  std::string problem;
  std::jthread writer([&] {
    for (int i = 0; !over || i < 50; ++i) {
      talk.say("message " + std::to_string(i));
      // Each sees what it wrote, all of it, in whatever version.
      if (!folded(*runner, world.last, 10s)) return void(problem = "not folded in time; " + problems(*runner));
      const auto page = read.messages(anna, talk.session, {});
      if (!page || !*page) return void(problem = page ? "gone" : page.error().message);
      if ((*page)->total != static_cast<std::uint64_t>(i) + 1) return void(problem = "sees " + std::to_string((*page)->total) + " after " + std::to_string(i + 1));
      ++reads;
    }
  });
  std::jthread reader([&] {
    std::uint64_t last = 0;
    while (!over) {
      const auto page = read.messages(anna, talk.session, {});
      if (!page) return void(problem = page.error().message);
      if (*page && (*page)->total < last) return void(problem = "went back");
      if (*page) last = (*page)->total;
    }
  });
  for (int i = 0; i < 4; ++i) {
    const auto done = rebuild(source, all_folds());
    ASSERT_TRUE(done) << done.error().message;
    if (i == 2) {
      ASSERT_TRUE(roll_back(*std::make_unique<connection>(database.connect()), *messages[0]));
    }
  }
  over = true;
  writer.join();
  reader.join();
  EXPECT_EQ(problem, "");
  EXPECT_GT(reads, 0);
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(differences(), 0U);
}

TEST_F(rebuild_beside, goes_back_to_the_older_version_and_forward_again) {
  const auto runner = started();
  talk.say("one");
  ASSERT_TRUE(all_folded(*runner, world.log));
  auto operators = database.connect();
  ASSERT_TRUE(rebuild(source, messages));
  talk.say("two");
  ASSERT_TRUE(all_folded(*runner, world.log));
  const auto back = roll_back(operators, *messages[0]);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->number, 1U);
  talk.say("three");
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(versions("messages"), "1:followed! 2:followed");
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.messages"), "3");
  ASSERT_TRUE(roll_back(operators, *messages[0]));
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.messages"), "3");
  EXPECT_EQ(*drop_old(operators, "messages"), 1U);
  EXPECT_EQ(versions("messages"), "2:followed!");
  EXPECT_EQ(database.ask("SELECT to_regclass('messages_v1.messages') IS NULL"), "t");
  talk.say("four");
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.messages"), "4");
  const auto none = roll_back(operators, *messages[0]);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, events::failure_code::locked);
}

TEST_F(rebuild_beside, names_each_difference_with_its_cause_and_mends_it) {
  const auto runner = started();
  talk.say("one");
  const auto second = talk.say("two");
  const auto place = world.last;
  ASSERT_TRUE(all_folded(*runner, world.log));
  database.ask("UPDATE messages_v1.messages SET content = 'forged' WHERE id = $1", {to_string(second)});
  rebuild_options careful;
  careful.expect_same = true;
  const auto refused = rebuild(source, messages, {}, {}, careful);
  ASSERT_TRUE(refused) << refused.error().message;
  ASSERT_FALSE(refused->projections.front().switched);
  ASSERT_EQ(refused->projections.front().found.differences, 1U);
  const auto& found = refused->projections.front().found.first.front();
  EXPECT_EQ(found.key, to_string(second));
  EXPECT_EQ(found.columns, std::vector<std::string>{"content"});
  EXPECT_EQ(found.expected_cause, place);
  EXPECT_EQ(versions("messages"), "1:followed! 2:ready");
  const auto done = rebuild(source, messages);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(done->projections.front().resumed && done->projections.front().switched);
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.messages WHERE content = 'forged'"), "0");
  EXPECT_EQ(differences(), 0U);
}

TEST_F(rebuild_beside, goes_on_where_it_was_stopped) {
  for (int i = 0; i < 3000; ++i) talk.say("message " + std::to_string(i));
  const auto runner = started();
  ASSERT_TRUE(all_folded(*runner, world.log));
  std::stop_source stop;
  rebuild_options slow;
  slow.pace.events_per_second = 2'000; // batches of 500
  const auto stopped = rebuild(source, messages, [&](const bulk_progress& now) { if (now.records_done > 600) stop.request_stop(); }, stop.get_token(), slow);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, events::failure_code::cancelled);
  EXPECT_EQ(versions("messages"), "1:followed! 2:building");
  const auto half = std::stoull(database.ask("SELECT count(*) FROM messages_v2.messages"));
  EXPECT_GT(half, 0U);
  EXPECT_LT(half, 3000U);
  std::uint64_t first = UINT64_MAX;
  const auto done = rebuild(source, messages, [&](const bulk_progress& now) { first = std::min(first, now.records_done); });
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(done->projections.front().resumed);
  EXPECT_GT(first, 500U) << "what was there is not done again";
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.messages"), "3000");
  EXPECT_EQ(differences(), 0U);
}

TEST_F(rebuild_beside, waits_when_it_is_paused_and_goes_away_when_it_is_cancelled) {
  for (int i = 0; i < 1500; ++i) talk.say("message " + std::to_string(i));
  const auto runner = started();
  ASSERT_TRUE(all_folded(*runner, world.log));
  auto operators = database.connect();
  EXPECT_EQ(steer_rebuild(operators, "messages", "pause").error().code, events::failure_code::not_found);
  std::promise<void> begun;
  bool told = false;
  rebuild_options slow;
  slow.pace.events_per_second = 250;
  auto running = std::async(std::launch::async, [&] {
    return rebuild(source, messages, [&](const bulk_progress& now) { if (!told && now.records_done > 100) { told = true; begun.set_value(); } }, {}, slow);
  });
  begun.get_future().wait();
  const auto twice = rebuild(source, messages);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, events::failure_code::locked);
  ASSERT_TRUE(steer_rebuild(operators, "messages", "pause"));
  const auto state = [&] { return database.ask("SELECT state FROM reverie.rebuilds WHERE projection = 'messages'"); };
  for (const auto until = std::chrono::steady_clock::now() + 10s; state() != "paused" && std::chrono::steady_clock::now() < until;) {
  }
  ASSERT_EQ(state(), "paused");
  const auto done = database.ask("SELECT sum(next) FROM runner.projection_positions WHERE projection = 'messages' AND version = 2");
  talk.say("one more"); // the others go on meanwhile
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(database.ask("SELECT sum(next) FROM runner.projection_positions WHERE projection = 'messages' AND version = 2"), done);
  ASSERT_TRUE(steer_rebuild(operators, "messages", "cancel"));
  const auto ended = running.get();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, events::failure_code::cancelled);
  EXPECT_EQ(state(), "cancelled");
  EXPECT_EQ(versions("messages"), "1:followed!");
  EXPECT_EQ(database.ask("SELECT to_regclass('messages_v2.messages') IS NULL"), "t");
}

TEST_F(rebuild_beside, makes_tables_again_that_are_behind_the_log_when_nobody_follows) {
  {
    const auto runner = started();
    ASSERT_TRUE(all_folded(*runner, world.log));
  }
  for (int i = 0; i < 20; ++i) talk.say("while nobody follows");
  const auto done = rebuild(source, all_folds());
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.messages"), "20");
  EXPECT_EQ(versions("messages"), "2:followed!") << "the older one can't be gone back to";
  EXPECT_EQ(differences(), 0U);
  const auto runner = started();
  talk.say("again");
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(differences(), 0U);
}

} // namespace
} // namespace reverie::tests
