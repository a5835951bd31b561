#include "projections/queries/postgres_read_models.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace reverie::tests {
namespace {

using namespace projections;

struct runner_faults : testing::Test {
  test_database database;
  talking_world world;
  events::user_id anna = world.add_user("Anna");
  events::character_id mira = world.add_character("Mira");
  conversation talk{world, anna, mira};

  std::unique_ptr<projection_runner> started() {
    auto runner = std::make_unique<projection_runner>(projection_runner::options{database.conninfo()}, world.log, world.keys);
    const auto done = runner->start();
    EXPECT_TRUE(done) << done.error().message;
    return runner;
  }
  std::string count(const std::string& table) { return database.ask("SELECT count(*) FROM " + table); }
};

TEST_F(runner_faults, trap_7_fold_each_event_once_with_two_runners_alive) {
  const auto one = started();
  talk.say("message before");
  ASSERT_TRUE(all_folded(*one, world.log)); // it has taken every partition: the other one comes later
  std::jthread writer([&] {
    for (int i = 1; i < 300; ++i) talk.say("message " + std::to_string(i));
  });
  const auto two = started();
  writer.join();
  ASSERT_TRUE(all_folded(*two, world.log));
  EXPECT_EQ(count("messages_v1.messages"), "300");
  EXPECT_EQ(count("memories_v1.memories"), "300");
  EXPECT_EQ(count("runner.dead_letters"), "0");
  // The one that lost notices when it wants to store what comes next.
  bool taken_over = false;
  for (int i = 0; !taken_over && i < 200; ++i) {
    talk.say("after it " + std::to_string(i));
    (void)folded(*one, world.last, 50ms);
    for (const auto& each : one->progress().status()) taken_over = taken_over || each.problem == "another runner has taken over";
  }
  EXPECT_TRUE(taken_over);
}

/// Whether one of two runners reaches a position.
bool folded_by_one_of(projection_runner& one, projection_runner& two, events::log_position position) {
  auto reached = std::make_shared<std::promise<bool>>();
  auto told = std::make_shared<std::atomic<int>>(0);
  const auto tell = [=](bool there) {
    const int before = there ? told->exchange(2) : told->fetch_add(1);
    if (there ? before < 2 : before == 1) reached->set_value(there);
  };
  auto answer = reached->get_future();
  one.progress().when_folded(position, 10s, tell);
  two.progress().when_folded(position, 10s, tell);
  return answer.get();
}

TEST_F(runner_faults, leave_one_of_two_that_start_together_in_charge) {
  for (int round = 0; round < 6; ++round) {
    std::unique_ptr<projection_runner> one, two;
    {
      const std::jthread first([&] { one = started(); });
      const std::jthread second([&] { two = started(); });
    }
    talk.say("message " + std::to_string(round));
    ASSERT_TRUE(folded_by_one_of(*one, *two, world.last)) << "round " << round;
  }
  EXPECT_EQ(count("messages_v1.messages"), "6");
}

TEST_F(runner_faults, fold_nothing_twice_when_connections_are_cut_again_and_again) {
  const auto runner = started();
  for (int i = 0; i < 200; ++i) {
    talk.say("message " + std::to_string(i));
    if (i % 20 == 7) database.ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
  }
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(count("messages_v1.messages"), "200");
  EXPECT_EQ(database.ask("SELECT sum(next_ordinal) FROM memories_v1.shelves"), "200");
  EXPECT_EQ(count("runner.dead_letters"), "0");
}

TEST_F(runner_faults, wait_for_the_databases_disk_for_a_lease_and_not_for_rows) {
  database.ask("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = on', current_database()); END $$");
  auto runner = started();
  database.ask("CREATE TABLE public.seen (what text, disk text)");
  database.ask("CREATE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql AS "
               "$$ BEGIN INSERT INTO public.seen VALUES (TG_ARGV[0], current_setting('synchronous_commit')); RETURN NULL; END $$");
  database.ask("CREATE TRIGGER see AFTER INSERT ON messages_v1.messages EXECUTE FUNCTION public.see('rows')");
  database.ask("CREATE TRIGGER see AFTER UPDATE OF lease ON runner.projection_positions EXECUTE FUNCTION public.see('lease')");
  talk.say("one");
  ASSERT_TRUE(all_folded(*runner, world.log));
  runner.reset();
  runner = started();
  talk.say("two");
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(database.ask("SELECT string_agg(DISTINCT disk, ',') FROM public.seen WHERE what = 'rows'"), "off");
  EXPECT_EQ(database.ask("SELECT string_agg(DISTINCT disk, ',') FROM public.seen WHERE what = 'lease'"), "on");
}

TEST_F(runner_faults, park_only_the_entity_of_an_event_that_does_not_fit) {
  const events::session_id orphan{world.fresh_id()};
  const auto write_orphan = [&](const std::string& text) {
    world.last = world.write({events::entity_kind::session, orphan.value}, anna, {events::session::message_sent{{world.fresh_id()}, {}, text, {}}});
  };
  const auto runner = started();
  talk.say("before");
  write_orphan("to nobody");
  talk.say("after");
  write_orphan("to nobody again");
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(count("messages_v1.messages"), "2");
  EXPECT_EQ(database.ask("SELECT string_agg(code, ',' ORDER BY id) FROM reverie.dead_letters WHERE projection = 'messages'"), "fold_failed,behind_parked");
  EXPECT_EQ(database.ask("SELECT count(DISTINCT entity) FROM reverie.dead_letters"), "1");
}

TEST_F(runner_faults, park_what_breaks_a_constraint_of_the_tables) {
  const auto other_user = world.add_user("Ben");
  conversation other(world, other_user, mira);
  const auto said = talk.say("one");
  for (int i = 0; i < 40; ++i) talk.say("more");
  {
    const auto first = started(); // the row under the key is in the tables, not in the batch
    ASSERT_TRUE(all_folded(*first, world.log));
  }
  other.write({events::session::message_sent{said, {}, "the id of another's message", {}}}); // a second row under one key
  other.say("waits behind it");
  for (int i = 0; i < 40; ++i) talk.say("more");
  const auto runner = started();
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(count("messages_v1.messages"), "81");
  EXPECT_EQ(database.ask("SELECT string_agg(code, ',' ORDER BY log_offset) FROM runner.dead_letters WHERE projection = 'messages'"), "constraint,behind_parked");
  EXPECT_EQ(database.ask("SELECT content FROM messages_v1.messages WHERE id = $1", {to_string(said)}), "one");
}

TEST_F(runner_faults, wait_for_a_key_that_cannot_be_had_now_and_skip_nothing) {
  auto vault = std::make_shared<events::memory_wrapped_key_store>();
  talk.say("sealed");
  {
    events::memory_key_ring empty(vault); // has nobody's key in memory
    vault->set_away(true);
    projection_runner runner({database.conninfo()}, world.log, empty);
    ASSERT_TRUE(runner.start());
    EXPECT_FALSE(folded(runner, world.last, 300ms));
  }
  EXPECT_EQ(count("messages_v1.messages"), "0");
  const auto runner = started();
  EXPECT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(count("messages_v1.messages"), "1");
}

TEST_F(runner_faults, ignore_fenced_and_repeated_records) {
  talk.say("counts");
  const events::partition_number partition = world.last.partition;
  auto reader = world.log.reader(partition, world.last.offset);
  std::vector<events::stored_record> records;
  ASSERT_TRUE((*reader)->read(records, 1, 0ms));
  auto repeated = records[0].content;
  world.log.write_raw(partition, repeated);
  auto zombie = records[0].content;
  zombie.headers.writer = {numbered_uuid(666)};
  zombie.headers.first_sequence = zombie.headers.first_sequence.next();
  world.log.write_raw(partition, zombie);
  {
    const auto runner = started();
    ASSERT_TRUE(all_folded(*runner, world.log));
  }
  talk.say("counts too"); // the next runner learns the sequences from the database
  const auto runner = started();
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(count("messages_v1.messages"), "2");
  EXPECT_EQ(count("runner.dead_letters"), "0");
}

TEST_F(runner_faults, say_in_time_that_a_position_is_not_reached) {
  const auto runner = started();
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_FALSE(folded(*runner, {world.last.partition, {world.last.offset.value + 100}}, 50ms));
}

TEST(runner_and_a_restarting_database, goes_on_by_itself) {
  postgres_server server;
  test_database database(true, server.conninfo());
  talking_world world;
  const auto anna = world.add_user("Anna");
  conversation talk(world, anna, world.add_character("Mira"));
  projection_runner runner({database.conninfo()}, world.log, world.keys);
  ASSERT_TRUE(runner.start());
  ASSERT_TRUE(all_folded(runner, world.log));
  connection_pool pool(database.conninfo());
  postgres_read_models read(pool);
  ASSERT_TRUE(read.conversations(anna, {}));
  server.stop();
  talk.say("said while it was away");
  const auto away = read.conversations(anna, {});
  ASSERT_FALSE(away);
  EXPECT_EQ(away.error().code, events::failure_code::unavailable);
  EXPECT_FALSE(folded(runner, world.last, 100ms));
  server.start();
  EXPECT_TRUE(all_folded(runner, world.log));
  EXPECT_EQ((*read.messages(anna, talk.session, {}))->total, 1U);
}

} // namespace
} // namespace reverie::tests
