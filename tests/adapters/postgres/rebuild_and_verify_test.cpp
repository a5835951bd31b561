#include "projections/runner/verify.hpp"
#include "projections/postgres/advisory_lock.hpp"
#include "projections/queries/postgres_read_models.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using namespace projections;

struct rebuild_and_verify : testing::Test {
  test_database database;
  talking_world world{4};
  bulk_source source{database.conninfo(), world.log, world.keys};

  /// People, edits, branches, facts, feelings, deletions: something of everything.
  void live() {
    for (int person = 0; person < 6; ++person) {
      const auto user = world.add_user("user" + std::to_string(person));
      const auto character = world.add_character("character" + std::to_string(person), person % 2 == 0 ? std::optional(user) : std::nullopt);
      conversation talk(world, user, character);
      const auto first = talk.say("I live in Bern and have " + std::to_string(person) + " dogs");
      talk.reply("Good to know");
      const auto fact = talk.learn("The user lives in Bern", first);
      talk.write_bond({events::bond::affinity_changed{"affection", 0.1, 0.2 + person * 0.1, "kind_word", "said something kind", first, 1}});
      const auto second = talk.say("again");
      talk.edit(second, "again, better");
      talk.reply("Hm.");
      talk.write({events::session::branch_selected{second}});
      const auto gone = talk.say("to be deleted");
      talk.write({events::session::message_deleted{gone, {gone}, second}});
      talk.leaf = second;
      if (person == 3) talk.write_bond({events::bond::memory_forgotten{fact, {}, {first}}});
      if (person == 4) talk.write({events::session::closed{talk.session}});
    }
  }
  void run_live() {
    projection_runner runner({database.conninfo()}, world.log, world.keys);
    ASSERT_TRUE(runner.start());
    ASSERT_TRUE(all_folded(runner, world.log));
  }
  std::string schema(const std::string& projection) {
    return database.ask("SELECT schema FROM runner.projection_versions WHERE projection = $1 AND serving", {projection});
  }
  /// A table of the version that serves.
  std::string serving(const std::string& projection, const std::string& table) { return schema(projection) + "." + table; }
  std::string everything() {
    std::string all;
    for (const auto* each : all_folds())
      for (const auto* table : each->tables())
        all += database.ask("SELECT md5(string_agg(t::text, ';' ORDER BY t::text)) FROM " + serving(std::string(each->name()), std::string(table->name)) + " t") + ",";
    return all;
  }
};

TEST_F(rebuild_and_verify, gives_the_rows_that_live_folding_gave) {
  live();
  run_live();
  const auto before = everything();
  std::uint64_t last = 0;
  const auto done = rebuild(source, all_folds(), [&](const bulk_progress& now) {
    EXPECT_GE(now.records_done, last);
    last = now.records_done;
  });
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(everything(), before);
  EXPECT_EQ(last, done->records);
  const auto compared = verify(source, all_folds());
  ASSERT_TRUE(compared) << compared.error().message;
  EXPECT_EQ(compared->differences, 0U);
  EXPECT_GT(compared->rows, 100U);
}

TEST_F(rebuild_and_verify, serves_and_goes_on_after_a_rebuild_of_one_projection) {
  live();
  run_live();
  const fold* messages[] = {find_fold("messages")};
  ASSERT_TRUE(rebuild(source, messages));
  live();
  run_live();
  const auto compared = verify(source, all_folds());
  ASSERT_TRUE(compared) << compared.error().message;
  EXPECT_EQ(compared->differences, 0U);
  EXPECT_EQ(database.ask("SELECT count(*) FROM pg_indexes WHERE schemaname = $1 AND indexname = 'threads_user'", {schema("messages")}), "1");
}

TEST_F(rebuild_and_verify, refuses_to_start_twice) {
  auto connected = database.connect();
  const auto lock = advisory_lock::try_now(connected, "rebuild.users");
  ASSERT_TRUE(lock);
  const auto refused = rebuild(source, all_folds());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, events::failure_code::locked);
}

TEST_F(rebuild_and_verify, finds_a_tampered_a_missing_and_an_invented_row) {
  live();
  run_live();
  database.ask("UPDATE messages_v1.messages SET content = 'forged' WHERE content = 'Good to know' AND log_offset = (SELECT min(log_offset) FROM "
               "messages_v1.messages WHERE content = 'Good to know')");
  database.ask("DELETE FROM users_v1.users WHERE name = 'user2'");
  database.ask("INSERT INTO bonds_v1.bonds SELECT gen_random_uuid(), user_id, gen_random_uuid(), axes, level, created_at, updated_at, 0, 0 FROM bonds_v1.bonds LIMIT 1");
  const auto compared = verify(source, all_folds());
  ASSERT_TRUE(compared) << compared.error().message;
  ASSERT_GE(compared->differences, 3U);
  std::map<std::string, row_difference::kind> found;
  for (const auto& each : compared->first) found[each.table] = each.what;
  EXPECT_EQ(found.at("messages"), row_difference::kind::different);
  EXPECT_EQ(found.at("users"), row_difference::kind::missing);
  EXPECT_EQ(found.at("bonds"), row_difference::kind::unexpected);
  for (const auto& each : compared->first) {
    if (each.table == "messages") {
      EXPECT_EQ(each.columns, std::vector<std::string>{"content"});
    }
  }
}

TEST_F(rebuild_and_verify, trap_10_empties_what_a_destroyed_key_sealed) {
  const auto anna = world.add_user("Anna");
  const auto mira = world.add_character("Mira");
  conversation talk(world, anna, mira);
  talk.say("my secret");
  run_live();
  ASSERT_TRUE(world.keys.destroy(anna));
  ASSERT_TRUE(rebuild(source, all_folds()));
  EXPECT_EQ(database.ask("SELECT count(*) FROM " + serving("messages", "messages") + " WHERE content = ''"), "1");
  EXPECT_EQ(database.ask("SELECT name || email FROM reverie.users"), "");
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.memories"), "0");
  EXPECT_EQ(database.ask("SELECT count(*) FROM runner.dead_letters"), "0");
}

} // namespace
} // namespace reverie::tests
