#include "projections/postgres/advisory_lock.hpp"
#include "projections/runner/embedding_worker.hpp"
#include "projections/runner/projection_pause.hpp"
#include "projections/runner/projection_reset.hpp"
#include "projections/runner/rebuild.hpp"
#include "projections/runner/verify.hpp"
#include "projections/runner/version_switch.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using namespace projections;

/// Two people in two partitions, who talk, learn, edit and branch; a runner that follows.
struct projection_reset_on_postgres : testing::Test {
  test_database database;
  talking_world world{2};
  bulk_source source{database.conninfo(), world.log, world.keys};
  events::user_id anna = world.add_user("Anna"), ben = elsewhere();
  events::character_id mira = world.add_character("Mira");
  conversation talk{world, anna, mira}, other{world, ben, mira};
  connection operators = database.connect();
  const fold* messages[1] = {find_fold("messages")};
  const fold* memories[1] = {find_fold("memories")};
  std::unique_ptr<projection_runner> runner = started();

  std::unique_ptr<projection_runner> started() {
    auto made = std::make_unique<projection_runner>(projection_runner::options{database.conninfo()}, world.log, world.keys);
    EXPECT_TRUE(made->start());
    return made;
  }
  /// Somebody of the other partition.
  events::user_id elsewhere() {
    for (;;)
      if (const auto somebody = world.add_user("Ben"); events::slice_of(somebody.value) % 2 != events::slice_of(anna.value) % 2) return somebody;
  }
  /// Waits until all has been folded again: what is said now comes after it.
  void settle() {
    talk.say("said later");
    other.say("said later");
    ASSERT_TRUE(all_folded(*runner, world.log));
  }
  void chat(int turns) {
    for (int i = 0; i < turns; ++i) {
      const auto said = talk.say("turn " + std::to_string(i));
      talk.reply("reply " + std::to_string(i));
      if (i % 3 == 0) talk.learn("fact " + std::to_string(i), said);
      if (i % 4 == 0) talk.edit(said, "turn " + std::to_string(i) + " again");
      other.say("ben " + std::to_string(i));
    }
    ASSERT_TRUE(all_folded(*runner, world.log));
  }
  events::partition_number home() { return {events::slice_of(anna.value) % 2}; }
  std::uint64_t end_of(events::partition_number partition) { return world.log.range(partition)->end.value; }
  std::uint64_t differences(std::span<const fold* const> which) {
    const auto compared = verify(source, which);
    EXPECT_TRUE(compared) << compared.error().message;
    return compared ? compared->differences : 1;
  }
  std::string next(events::partition_number partition) {
    return database.ask("SELECT next FROM reverie.projection_positions WHERE projection = 'messages' AND partition = $1", {std::to_string(partition.value)});
  }
  std::string count() { return database.ask("SELECT count(*) FROM reverie.message_nodes"); }
};

TEST_F(projection_reset_on_postgres, shows_what_it_would_touch_and_touches_nothing_then) {
  chat(10);
  const auto before = count();
  const auto seen = look_at_reset(source, *messages[0], {.partition = home(), .offset = events::log_offset{5}});
  ASSERT_TRUE(seen) << seen.error().message;
  ASSERT_EQ(seen->partitions.size(), 1U);
  EXPECT_EQ(seen->partitions[0].records_again, end_of(home()) - 5);
  EXPECT_GT(seen->partitions[0].rows_touched, 10U);
  EXPECT_EQ(count(), before);
  EXPECT_EQ(next(home()), std::to_string(end_of(home())));
}

TEST_F(projection_reset_on_postgres, gives_the_rows_of_that_place_and_then_folds_on_to_the_same_as_before) {
  chat(20);
  ASSERT_TRUE(pause_projection(operators, *messages[0], home(), "to look at it"));
  const events::log_offset half{end_of(home()) / 2};
  const auto done = reset_projection(source, *messages[0], {.partition = home(), .offset = half});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(next(home()), std::to_string(half.value));
  EXPECT_EQ(differences(messages), 0U) << "what stands there is a fold of the log up to the place";
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.message_nodes WHERE content = 'turn 19'"), "0");
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.message_nodes WHERE content = 'ben 19'"), "1") << "the other partition was left alone";
  ASSERT_TRUE(resume_projection(operators, *messages[0], home()));
  settle();
  EXPECT_EQ(differences(messages), 0U);
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.message_nodes WHERE content = 'turn 19'"), "1");
}

TEST_F(projection_reset_on_postgres, is_noticed_by_a_runner_that_lives_on_and_by_people_who_go_on_talking) {
  chat(15);
  for (int i = 0; i < 5; ++i) {
    const auto done = reset_projection(source, *memories[0], {.partition = {}, .start = true});
    ASSERT_TRUE(done) << done.error().message;
    talk.say("meanwhile " + std::to_string(i));
    other.say("meanwhile " + std::to_string(i));
  }
  ASSERT_TRUE(all_folded(*runner, world.log));
  for (const auto& each : runner->progress().status()) EXPECT_EQ(each.problem, "") << each.projection;
  EXPECT_EQ(differences(all_folds()), 0U);
}

TEST_F(projection_reset_on_postgres, goes_to_a_time_in_each_partition) {
  chat(6);
  const auto then = database.ask("SELECT (extract(epoch FROM max(created_at)) * 1000)::bigint FROM reverie.message_nodes");
  chat(6);
  const auto seen = look_at_reset(source, *messages[0], {.partition = {}, .time = events::from_milliseconds(std::stoll(then) + 1)});
  ASSERT_TRUE(seen) << seen.error().message;
  ASSERT_EQ(seen->partitions.size(), 2U);
  ASSERT_TRUE(reset_projection(source, *messages[0], {.partition = {}, .time = events::from_milliseconds(std::stoll(then) + 1)}));
  settle();
  EXPECT_EQ(differences(messages), 0U);
  const auto later = look_at_reset(source, *messages[0], {.partition = {}, .time = events::from_milliseconds(4'000'000'000'000)});
  ASSERT_TRUE(later);
  EXPECT_TRUE(later->partitions.empty());
}

TEST_F(projection_reset_on_postgres, refuses_what_would_skip_events_and_what_is_no_place) {
  chat(3);
  using code = events::failure_code;
  const auto refused = [&](const reset_place& place) { return reset_projection(source, *messages[0], place).error().code; };
  EXPECT_EQ(refused({.partition = home(), .offset = events::log_offset{end_of(home()) + 1}}), code::locked);
  EXPECT_EQ(refused({.partition = {}, .offset = events::log_offset{1}}), code::malformed);
  EXPECT_EQ(refused({.partition = events::partition_number{9}, .start = true}), code::malformed);
  EXPECT_EQ(refused({.partition = home()}), code::malformed);
  EXPECT_EQ(refused({.partition = home(), .offset = events::log_offset{1}, .time = events::timestamp{}}), code::malformed);
  auto holder = database.connect();
  const auto held = advisory_lock::try_now(holder, "rebuild.messages");
  ASSERT_TRUE(held);
  EXPECT_EQ(refused({.partition = home(), .start = true}), code::locked);
}

TEST_F(projection_reset_on_postgres, leaves_the_older_version_fit_to_be_gone_back_to) {
  chat(5);
  ASSERT_TRUE(rebuild(source, messages));
  ASSERT_TRUE(all_folded(*runner, world.log));
  ASSERT_TRUE(reset_projection(source, *messages[0], {.partition = home(), .offset = events::log_offset{4}}));
  talk.say("after");
  ASSERT_TRUE(all_folded(*runner, world.log));
  const auto back = roll_back(operators, *messages[0]);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(differences(messages), 0U);
}

TEST_F(projection_reset_on_postgres, finds_the_events_that_do_not_fit_again) {
  chat(3);
  ASSERT_EQ(database.ask("WITH gone AS (DELETE FROM " + database.ask("SELECT schema FROM reverie.projection_versions WHERE projection = 'messages'") +
                         ".threads WHERE user_id = $1 RETURNING 1) SELECT count(*) FROM gone", {to_string(anna)}), "1");
  talk.say("lost");
  talk.say("lost too");
  ASSERT_TRUE(all_folded(*runner, world.log));
  ASSERT_EQ(database.ask("SELECT count(*) FROM reverie.dead_letters WHERE state = 'parked'"), "2");
  ASSERT_TRUE(reset_projection(source, *messages[0], {.partition = home(), .start = true}));
  settle();
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.dead_letters WHERE state = 'parked'"), "0") << "the row that was gone is there again";
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.messages WHERE content LIKE 'lost%'"), "2");
  EXPECT_EQ(differences(messages), 0U);
}

TEST_F(projection_reset_on_postgres, keeps_the_vectors_of_memories_before_the_place_and_makes_the_others_again) {
  chat(8);
  std::size_t asked = 0;
  embedding_worker worker(database.conninfo(), {"tiny", 3, [&](const std::vector<std::string>& texts) -> events::outcome<std::vector<std::vector<float>>> {
    asked += texts.size();
    return std::vector<std::vector<float>>(texts.size(), {1, 0, 0});
  }}, world.keys, 2);
  ASSERT_TRUE(worker.catch_up(operators));
  const auto all = database.ask("SELECT count(*) FROM reverie.memory_vectors_3_tiny");
  const auto seen = look_at_reset(source, *memories[0], {.partition = home(), .offset = events::log_offset{end_of(home()) / 2}});
  ASSERT_TRUE(seen);
  EXPECT_GT(seen->partitions[0].embeddings_again, 0U);
  asked = 0;
  ASSERT_TRUE(reset_projection(source, *memories[0], {.partition = home(), .offset = events::log_offset{end_of(home()) / 2}}));
  settle(); // two more memories
  ASSERT_TRUE(worker.catch_up(operators));
  EXPECT_EQ(std::stoul(database.ask("SELECT count(*) FROM reverie.memory_vectors_3_tiny")), std::stoul(all) + 2);
  EXPECT_GT(asked, 2U);
  EXPECT_LT(asked, std::stoul(all));
}

} // namespace
} // namespace reverie::tests
