#include "projections/runner/projection_pause.hpp"
#include "projections/runner/rebuild.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using namespace projections;

/// What stands between a rebuild and its switch: steps, pauses, what the comparison found.
struct rebuild_steps : testing::Test {
  test_database database;
  talking_world world;
  bulk_source source{database.conninfo(), world.log, world.keys};
  events::user_id anna = world.add_user("Anna");
  events::character_id mira = world.add_character("Mira");
  conversation talk{world, anna, mira};
  connection operators = database.connect();
  const fold* messages[1] = {find_fold("messages")};
  projection_runner runner{projection_runner::options{database.conninfo()}, world.log, world.keys};

  void SetUp() override {
    for (int i = 0; i < 20; ++i) talk.say("turn " + std::to_string(i));
    ASSERT_TRUE(runner.start());
    ASSERT_TRUE(all_folded(runner, world.log));
  }
  std::string versions() {
    return database.ask("SELECT string_agg(version || ':' || state || CASE WHEN serving THEN '!' ELSE '' END, ' ' ORDER BY version) "
                        "FROM reverie.projection_versions WHERE projection = 'messages'");
  }
  std::string of_rebuild(const std::string& column) { return database.ask("SELECT " + column + " FROM runner.rebuilds WHERE projection = 'messages'"); }
  void change(const std::string& sql) { EXPECT_EQ(database.ask("WITH done AS (" + sql + " RETURNING 1) SELECT count(*) > 0 FROM done"), "t") << sql; }
  /// Waits for a rebuild; one that does not end is cancelled, so that the test does.
  outcome<rebuild_report> ended(std::future<outcome<rebuild_report>>& running) {
    if (running.wait_for(20s) != std::future_status::ready) {
      ADD_FAILURE() << "the rebuild does not end";
      (void)steer_rebuild(operators, "messages", "cancel");
    }
    return running.get();
  }
};

TEST_F(rebuild_steps, count_all_that_differs_by_who_lacks_the_row_and_keep_it) {
  change("UPDATE messages_v1.messages SET content = 'forged' WHERE content IN ('turn 1', 'turn 2', 'turn 3')");
  change("DELETE FROM messages_v1.messages WHERE content IN ('turn 4', 'turn 5')");
  change("INSERT INTO messages_v1.messages SELECT gen_random_uuid(), conversation_id, parent_id, depth, on_branch, role, state, content, attempt, model, finish_reason, error_code, "
         "manifest, position_offset, position_sequence, created_at, updated_at, log_partition, log_offset FROM messages_v1.messages WHERE content = 'turn 6'");
  const auto done = rebuild(source, messages, {}, {}, {.switch_over = false, .pace = {}, .differences_shown = 1});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->projections.front().found.differences, 6U);
  EXPECT_EQ(of_rebuild("concat_ws(' ', comparison->>'differences', comparison->>'only_in_new', comparison->>'missing_in_new', comparison->>'differs')"), "6 2 1 3");
  EXPECT_EQ(of_rebuild("jsonb_array_length(comparison->'sample')"), "1");
  EXPECT_EQ(of_rebuild("switch_over"), "f");
  ASSERT_TRUE(rebuild(source, messages));
  EXPECT_EQ(versions(), "1:followed 2:followed!");
  EXPECT_EQ(of_rebuild("comparison->>'missing_in_new'"), "1") << "what the new version lacks is there after the switch too";
}

TEST_F(rebuild_steps, do_not_switch_by_themselves_to_a_version_with_more_dead_letters) {
  const events::session_id orphan{world.fresh_id()};
  world.last = world.write({events::entity_kind::session, orphan.value}, anna, {events::session::message_sent{{world.fresh_id()}, {}, "to nobody", {}}});
  ASSERT_TRUE(all_folded(runner, world.log));
  change("DELETE FROM runner.dead_letters WHERE projection = 'messages'"); // as if the version that serves had taken it
  const auto held = rebuild(source, messages);
  ASSERT_TRUE(held) << held.error().message;
  EXPECT_FALSE(held->projections.front().switched);
  EXPECT_EQ(held->held_back, "messages has 1 dead letters in the new version and 0 in the one that serves: look at them before it is switched to");
  EXPECT_EQ(versions(), "1:followed! 2:ready");
  EXPECT_EQ(of_rebuild("state || ': ' || message"), "done: " + held->held_back);
  EXPECT_EQ(of_rebuild("concat_ws(' ', comparison->>'parked_in_serving', comparison->>'parked_in_new')"), "0 1");
  rebuild_options wanted;
  wanted.despite_parked = true;
  const auto done = rebuild(source, messages, {}, {}, wanted);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(done->projections.front().switched && done->projections.front().resumed);
  EXPECT_EQ(versions(), "1:followed 2:followed!");
}

TEST_F(rebuild_steps, wait_for_no_projection_that_was_told_to_stand_still) {
  const auto& memories = *find_fold("memories");
  ASSERT_TRUE(pause_projection(operators, memories, std::nullopt, "to let it fall behind"));
  for (int i = 0; i < 20; ++i) talk.say("later " + std::to_string(i));
  auto running = std::async(std::launch::async, [&] { return rebuild(source, messages, {}, {}, {.pace = {.live_lag_records_max = 5}}); });
  const auto done = ended(running);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(done->projections.front().switched);
}

TEST_F(rebuild_steps, hear_a_stop_while_they_wait_for_the_end_of_a_pause) {
  std::stop_source stop;
  std::promise<void> paused;
  auto running = std::async(std::launch::async, [&] {
    return rebuild(source, messages, [&](const bulk_progress& now) {
      if (now.step != "indexing") return;
      EXPECT_TRUE(steer_rebuild(operators, "messages", "pause"));
      paused.set_value();
    }, stop.get_token());
  });
  paused.get_future().wait();
  stop.request_stop();
  const auto done = ended(running);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, events::failure_code::cancelled);
  EXPECT_EQ(versions(), "1:followed! 2:building") << "it can be gone on with";
}

TEST_F(rebuild_steps, do_not_wait_for_the_end_of_a_pause_between_two_pieces_of_a_comparison) {
  const bulk_callback nobody;
  rebuild_steering steering(source, {{messages[0], projection_version{.projection = "messages", .number = 2, .schema = "messages_v2"}}}, {}, nobody);
  ASSERT_TRUE(steering.begin(0, 0, {}));
  change("UPDATE runner.rebuilds SET wanted = 'pause' WHERE projection = 'messages'");
  EXPECT_TRUE(steering.after_piece({}));
  change("UPDATE runner.rebuilds SET wanted = 'cancel' WHERE projection = 'messages'");
  outcome<void> told;
  EXPECT_TRUE(comes_true([&] { return !(told = steering.after_piece({})); }, 10s));
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, events::failure_code::cancelled);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(steering.after_piece(stop.get_token()));
}

TEST_F(rebuild_steps, are_not_steered_where_nobody_works_on_them_any_more) {
  std::stop_source stop;
  ASSERT_FALSE(rebuild(source, messages, [&](const bulk_progress&) { stop.request_stop(); }, stop.get_token()));
  EXPECT_EQ(database.ask("SELECT state FROM runner.rebuilds WHERE projection = 'messages'"), "running") << "as a process leaves it that is killed: it has not failed";
  for (const char* wanted : {"pause", "run", ""}) {
    const auto told = steer_rebuild(operators, "messages", wanted);
    ASSERT_FALSE(told) << wanted;
    EXPECT_EQ(told.error().code, events::failure_code::locked);
    EXPECT_TRUE(told.error().message.contains("interrupted")) << told.error().message;
  }
  ASSERT_TRUE(rebuild(source, messages));
  EXPECT_EQ(versions(), "1:followed 2:followed!");
}

} // namespace
} // namespace reverie::tests
