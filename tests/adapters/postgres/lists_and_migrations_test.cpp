#include "projections/postgres/embedded_sql.hpp"
#include "projections/queries/postgres_recall.hpp"
#include "projections/queries/postgres_read_models.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

namespace reverie::tests {
namespace {

using namespace projections;

struct lists_on_postgres : testing::Test {
  test_database database;
  talking_world world;
  connection_pool pool{database.conninfo()};
  postgres_read_models read{pool};
  events::user_id anna = world.add_user("Anna");
  std::vector<events::character_id> people;

  void SetUp() override {
    for (const char* name : {"Mira", "Noa", "50%_off", "Zed", "Mira Bell"}) people.push_back(world.add_character(name));
    projection_runner runner({database.conninfo()}, world.log, world.keys);
    ASSERT_TRUE(runner.start());
    ASSERT_TRUE(all_folded(runner, world.log));
  }
  std::vector<std::string> names(const list_request& request) {
    const auto page = read.characters(anna, request);
    EXPECT_TRUE(page) << page.error().message;
    std::vector<std::string> all;
    if (page)
      for (const auto& each : page->items) all.push_back(each.name);
    return all;
  }
  std::vector<std::string> filtered(const std::string& field, const std::string& op, const std::string& value) { return names({.filters = {{field, op, value}}}); }
};

using list = std::vector<std::string>;

TEST_F(lists_on_postgres, take_every_operation_on_every_field) {
  const auto sample = [](const list_field& field) -> std::string {
    using kind = decltype(list_field::type);
    switch (field.type) {
    case kind::uuid: return "00000000-0000-7000-8000-000000000000";
    case kind::time: return "2024-01-01T00:00:00.000Z";
    case kind::number: return "3";
    case kind::boolean: return "true";
    default: return "it's \"a\" \\ value";
    }
  };
  const auto probe = [&](const std::vector<list_field>& fields, auto&& call) {
    using kind = decltype(list_field::type);
    for (const auto& field : fields) {
      for (const char* op : {"eq", "ne", "gt", "gte", "lt", "lte", "in", "like", "is_null", "is_not_null"}) {
        const bool is_list = field.type == kind::text_list, ordered = std::string(op)[0] == 'g' || std::string(op)[0] == 'l';
        const bool refused = (std::string(op) == "like" && field.type != kind::text && !is_list) || (is_list && ordered && std::string(op) != "like");
        const auto page = call(list_request{.filters = {{std::string(field.name), op, sample(field)}}});
        EXPECT_EQ(page.has_value(), !refused) << field.name << " " << op << " " << (page ? "" : page.error().message);
      }
      if (field.type == kind::text_list) continue;
      for (const bool down : {false, true}) {
        EXPECT_TRUE(call(list_request{.sort_field = std::string(field.name), .descending = down})) << field.name;
      }
    }
  };
  conversation talk(world, anna, people[0]);
  talk.say("hello");
  projection_runner runner({database.conninfo()}, world.log, world.keys);
  ASSERT_TRUE(runner.start());
  ASSERT_TRUE(all_folded(runner, world.log));
  probe(character_list_fields(), [&](const list_request& one) { return read.characters(anna, one); });
  probe(conversation_list_fields(), [&](const list_request& one) { return read.conversations(anna, one); });
  probe(message_list_fields(), [&](const list_request& one) { return read.messages(anna, talk.session, one); });
  probe(memory_list_fields(), [&](const list_request& one) { return read.memories(anna, people[0], one); });
}

TEST_F(lists_on_postgres, filter_by_what_was_meant) {
  EXPECT_EQ(filtered("name", "eq", "Noa"), list{"Noa"});
  EXPECT_EQ(filtered("name", "like", "mira"), (list{"Mira", "Mira Bell"}));
  EXPECT_EQ(filtered("name", "like", "mira*l"), list{"Mira Bell"});
  EXPECT_EQ(filtered("name", "like", "50%_"), list{"50%_off"});
  EXPECT_EQ(filtered("name", "like", "%"), list{"50%_off"});
  EXPECT_EQ(filtered("name", "in", "Zed|Noa"), (list{"Noa", "Zed"}));
  EXPECT_EQ(filtered("tags", "eq", "back\\slash").size(), 5U);
  EXPECT_EQ(filtered("owner_id", "is_null", "").size(), 5U);
}

TEST_F(lists_on_postgres, page_by_number_and_by_cursor_without_loss_or_repetition) {
  for (const char* order : {"", "name", "version", "owner_id", "created_at"}) {
    for (const bool down : {false, true}) {
      const list_request whole{.sort_field = order, .descending = down};
      list by_cursor, by_page;
      list_request next = whole;
      next.page_size = 2;
      for (int i = 0; i < 10; ++i) {
        const auto page = read.characters(anna, next);
        ASSERT_TRUE(page) << page.error().message;
        EXPECT_EQ(page->total, 5U);
        for (const auto& each : page->items) by_cursor.push_back(each.name);
        if (!page->has_more) break;
        next.cursor = page->next_cursor;
      }
      for (std::uint32_t i = 1; i <= 3; ++i)
        for (const auto& each : names({.sort_field = order, .descending = down, .page = i, .page_size = 2})) by_page.push_back(each);
      EXPECT_EQ(by_cursor, names(whole)) << order;
      EXPECT_EQ(by_page, names(whole)) << order;
    }
  }
}

TEST_F(lists_on_postgres, refuse_what_they_do_not_know) {
  for (const list_request& wrong : {list_request{.filters = {{"secret", "eq", "1"}}}, list_request{.filters = {{"name", "matches", "1"}}},
                                    list_request{.filters = {{"id", "eq", "1; DROP TABLE"}}}, list_request{.sort_field = "secret"},
                                    list_request{.cursor = "bm90IG91cnM"}, list_request{.filters = std::vector<list_filter>(11, {"name", "eq", "a"})}}) {
    const auto page = read.characters(anna, wrong);
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, events::failure_code::malformed);
  }
}

TEST(migrations, apply_once_and_refuse_changed_and_newer_schemas) {
  test_database database(false);
  auto connected = database.connect();
  const embedded_script first[] = {{"0001_a", "CREATE TABLE a (x int)"}};
  EXPECT_EQ(migrate(connected, first)->applied, std::vector<std::string>{"0001_a"});
  EXPECT_TRUE(migrate(connected, first)->applied.empty());
  const embedded_script changed[] = {{"0001_a", "CREATE TABLE a (y int)"}};
  EXPECT_EQ(migrate(connected, changed).error().code, events::failure_code::corrupted);
  const embedded_script newer[] = {{"0001_a", "CREATE TABLE a (x int)"}, {"0002_b", "CREATE TABLE b (x int); SELECT 1/0"}};
  EXPECT_FALSE(migrate(connected, newer));
  EXPECT_EQ(database.ask("SELECT to_regclass('public.b') IS NULL"), "t");
  const embedded_script good[] = {{"0001_a", "CREATE TABLE a (x int)"}, {"0002_b", "CREATE TABLE b (x int)"}};
  EXPECT_EQ(migrate(connected, good)->applied, std::vector<std::string>{"0002_b"});
  EXPECT_EQ(migrate(connected, first).error().code, events::failure_code::unknown_version);
}

TEST(migrations, index_what_is_there_as_new_versions_are) {
  test_database database(false);
  auto connected = database.connect();
  ASSERT_TRUE(migrate(connected, embedded_migrations().first(8)));
  ASSERT_TRUE(connected.run_script("CREATE SCHEMA conversations_v1; CREATE TABLE conversations_v1.conversations (id uuid PRIMARY KEY, updated_at timestamptz NOT NULL); "
                                   "INSERT INTO runner.projection_versions (projection, version, fold_version, schema, checksum, serving) "
                                   "VALUES ('conversations', 1, 1, 'conversations_v1', '', true)"));
  ASSERT_TRUE(migrate(connected));
  EXPECT_EQ(database.ask("SELECT count(*) FROM pg_indexes WHERE schemaname = 'conversations_v1' AND indexname = 'conversations_updated'"), "1");
}

TEST_F(lists_on_postgres, of_all_conversations_by_the_last_change_need_no_sort) {
  auto connected = database.connect();
  ASSERT_TRUE(connected.run_script("SET enable_seqscan = off"));
  const auto plan = connected.run("EXPLAIN SELECT id FROM reverie.conversations ORDER BY updated_at DESC NULLS LAST, id DESC LIMIT 50");
  ASSERT_TRUE(plan) << plan.error().message;
  std::string text;
  for (std::size_t i = 0; i < plan->rows(); ++i) text += std::string(plan->text(i, 0)) + "\n";
  EXPECT_TRUE(text.contains("conversations_updated")) << text;
  EXPECT_FALSE(text.contains("Sort")) << text;
}

/// What it takes is measured by tests/bench/memory_search.cpp.
TEST(recall_on_postgres, finds_among_a_hundred_thousand_memories) {
  test_database database;
  talking_world world;
  const auto anna = world.add_user("Anna");
  const auto mira = world.add_character("Mira");
  conversation talk(world, anna, mira);
  projection_runner runner({database.conninfo()}, world.log, world.keys);
  ASSERT_TRUE(runner.start());
  ASSERT_TRUE(all_folded(runner, world.log));
  const sql_params who{to_string(talk.bond), to_string(anna), to_string(mira), to_string(talk.session)};
  database.ask("WITH n AS (SELECT i, gen_random_uuid() m FROM generate_series(0, 99999) i), t AS (INSERT INTO memories_v1.turns SELECT m, $1::uuid, NULL, i, true, "
               "CASE WHEN i % 2 = 0 THEN 'user' ELSE 'character' END, 'complete', false, 0, 0 FROM n), "
               "e AS (INSERT INTO memories_v1.memories SELECT gen_random_uuid(), $2::uuid, $3::uuid, $4::uuid, i, 'episode', '', 'text ' || i, "
               "CASE WHEN i % 2 = 0 THEN 'user' ELSE 'character' END, $1::uuid, m, i, 12, '{}', NULL, NULL, NULL, now(), now(), 0, 0 FROM n) SELECT 1",
               {who[3], who[0], who[1], who[2]});
  database.ask("INSERT INTO memories_v1.postings SELECT $1::uuid, 'w' || (floor(power(random(), 3) * 5000))::int || '_' || j, i, 1, 0, 0 "
               "FROM generate_series(0, 99999) i, generate_series(1, 12) j",
               {who[0]});
  database.ask("UPDATE memories_v1.shelves SET next_ordinal = 100000, generation = generation + 1");
  auto connected = database.connect();
  ASSERT_TRUE(connected.run_script("VACUUM ANALYZE"));
  connection_pool pool(database.conninfo());
  postgres_recall recall(pool, nullptr);
  for (int i = 0; i < 5; ++i) {
    actors::recall_query query;
    query.user = anna;
    query.character = mira;
    query.text = "did Anna say w" + std::to_string(i * 7) + "_1 w0_2 w" + std::to_string(i) + "_3 w" + std::to_string(900 + i) + "_4?";
    const auto found = recall.find(query);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_FALSE(found->memories.empty());
  }
}

} // namespace
} // namespace reverie::tests
