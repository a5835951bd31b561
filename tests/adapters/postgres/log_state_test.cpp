#include "events/model/limits.hpp"
#include "projections/runner/projection_pause.hpp"
#include "projections/runner/projection_reset.hpp"
#include "projections/runner/rebuild.hpp"
#include "projections/runner/verify.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using namespace projections;

/// What is kept of the epoch rule beside the positions: with too high a sequence records would be taken for repeated, with too low a one
/// for those behind a gap, and their rows would be missing without a word.
struct stored_log_state : testing::Test {
  test_database database;
  talking_world world{1};
  bulk_source source{database.conninfo(), world.log, world.keys};
  events::user_id anna = world.add_user("Anna"), ben = world.add_user("Ben");
  events::character_id mira = world.add_character("Mira");
  conversation talk{world, anna, mira};
  connection operators = database.connect();
  const events::partition_number only{0};

  std::unique_ptr<projection_runner> started() {
    auto made = std::make_unique<projection_runner>(projection_runner::options{database.conninfo()}, world.log, world.keys);
    EXPECT_TRUE(made->start());
    return made;
  }
  void fold_all() {
    const auto runner = started();
    ASSERT_TRUE(all_folded(*runner, world.log));
  }
  /// From now on whoever has moved a position has to look again what it follows, and so to begin with what is stored.
  void make_runners_look_again_after_each_batch() {
    database.ask("CREATE FUNCTION look_again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE runner.catalogue SET generation = generation + 1; RETURN NULL; END $$");
    database.ask("CREATE TRIGGER look_again AFTER UPDATE OF next ON runner.projection_positions FOR EACH STATEMENT EXECUTE FUNCTION look_again()");
  }
  void expect_every_row() {
    const auto compared = verify(source, all_folds());
    ASSERT_TRUE(compared) << compared.error().message;
    EXPECT_EQ(compared->differences, 0U);
    EXPECT_EQ(database.ask("SELECT count(*) FROM runner.dead_letters"), "0");
  }
  void say_more_than_a_batch() {
    for (std::size_t i = 0; i < events::limits::projection_batch_events + 100; ++i) talk.say("turn " + std::to_string(i));
  }
};

TEST_F(stored_log_state, stays_where_it_is_while_all_that_is_followed_was_set_back_before_it) {
  say_more_than_a_batch();
  conversation later{world, ben, mira};
  for (int i = 0; i < 5; ++i) later.say("later " + std::to_string(i));
  fold_all();
  for (const auto* each : all_folds()) ASSERT_TRUE(reset_projection(source, *each, {.partition = {}, .start = true}));
  make_runners_look_again_after_each_batch();
  fold_all();
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.messages WHERE content LIKE 'later%'"), "5");
  later.say("later still");
  fold_all();
  expect_every_row();
}

TEST_F(stored_log_state, is_not_taken_back_by_the_only_one_that_is_not_paused) {
  const auto& messages = *find_fold("messages");
  fold_all();
  ASSERT_TRUE(pause_projection(operators, messages, std::nullopt, "to let it fall behind"));
  say_more_than_a_batch();
  conversation later{world, ben, mira};
  for (int i = 0; i < 5; ++i) later.say("later " + std::to_string(i));
  {
    const auto runner = started();
    for (int i = 0; i < 400 && database.ask("SELECT count(*) FROM reverie.memories") != std::to_string(events::limits::projection_batch_events + 105); ++i)
      (void)folded(*runner, world.last, 25ms);
  }
  for (const auto* each : all_folds()) {
    if (each != &messages) { ASSERT_TRUE(pause_projection(operators, *each, std::nullopt, "to let it catch up alone")); }
  }
  ASSERT_TRUE(resume_projection(operators, messages, std::nullopt));
  make_runners_look_again_after_each_batch();
  {
    const auto runner = started();
    for (int i = 0; i < 400 && database.ask("SELECT next FROM reverie.projection_positions WHERE projection = 'messages'") != std::to_string(world.log.range(only)->end.value); ++i)
      (void)folded(*runner, world.last, 25ms);
  }
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.messages WHERE content LIKE 'later%'"), "5");
  for (const auto* each : all_folds()) (void)resume_projection(operators, *each, std::nullopt);
  fold_all();
  expect_every_row();
}

TEST_F(stored_log_state, knows_every_entity_where_a_tool_has_folded_what_no_runner_has) {
  conversation other{world, ben, mira};
  for (int i = 0; i < 5; ++i) other.say("before " + std::to_string(i));
  ASSERT_TRUE(rebuild(source, all_folds()));
  talk.say("after");
  fold_all();
  other.say("after too"); // of an entity that no runner has folded yet
  fold_all();
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.messages WHERE content LIKE 'after%'"), "2");
  expect_every_row();
}

TEST_F(stored_log_state, is_made_whole_again_where_runners_stood_before_a_tool_folded_on) {
  conversation other{world, ben, mira};
  fold_all();
  for (int i = 0; i < 5; ++i) other.say("between " + std::to_string(i));
  ASSERT_TRUE(rebuild(source, all_folds()));
  talk.say("after");
  fold_all();
  other.say("after too");
  fold_all();
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.messages WHERE content LIKE 'after%'"), "2");
  expect_every_row();
}

} // namespace
} // namespace reverie::tests
