#include "actors/effects/hashing_embedder.hpp"
#include "projections/postgres/advisory_lock.hpp"
#include "projections/queries/recall_comparison.hpp"
#include "projections/queries/postgres_recall.hpp"
#include "projections/runner/rebuild.hpp"
#include "projections/runner/vector_build.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using namespace projections;
using code = events::failure_code;

/// Counts letters: a model of 26 dimensions; how many of them it looks at makes another model of it.
struct counting_embedder : actors::embedder {
  explicit counting_embedder(std::size_t letters) : letters_(letters) {}
  std::string model() const override { return "letters"; }
  std::size_t dimension() const override { return letters_; }
  events::outcome<std::vector<std::vector<float>>> embed(const std::vector<std::string>& texts) override {
    asked += texts.size();
    std::vector<std::vector<float>> made;
    for (const auto& text : texts) {
      std::vector<float> one(letters_, 0.001F);
      for (const char each : text)
        if (each >= 'a' && each < 'a' + static_cast<char>(letters_)) one[static_cast<std::size_t>(each - 'a')] += 1;
      made.push_back(std::move(one));
    }
    return made;
  }
  std::size_t letters_, asked = 0;
};

struct vector_versions_on_postgres : testing::Test {
  test_database database;
  talking_world world{2};
  events::user_id anna = world.add_user("Anna");
  events::character_id mira = world.add_character("Mira");
  conversation talk{world, anna, mira};
  connection operators = database.connect();
  connection_pool pool{database.conninfo()};
  projection_runner runner{projection_runner::options{database.conninfo()}, world.log, world.keys};
  std::shared_ptr<counting_embedder> old = std::make_shared<counting_embedder>(26), fresh = std::make_shared<counting_embedder>(12);
  active_embedder active{pool, {old, fresh}};
  vector_source source{database.conninfo(), world.keys, 2};

  void SetUp() override {
    ASSERT_TRUE(runner.start());
    for (const char* each : {"my dog is called bruno", "i play the cello", "we live by the sea", "pepper is a black cat", "bread and cheese for lunch", "a zebra at the zoo"}) {
      const auto said = talk.say(each);
      talk.reply(std::string("so ") + each);
      talk.learn(std::string("anna said: ") + each, said);
    }
    ASSERT_TRUE(all_folded(runner, world.log));
    ASSERT_TRUE(settle_vectors(operators, active.models()));
    ASSERT_TRUE(upkeep(old).catch_up(operators));
  }
  static text_embedding text_of(const std::shared_ptr<counting_embedder>& with, vector_upkeep upkeep) {
    return {with->model(), with->dimension(), [with](const std::vector<std::string>& texts) { return with->embed(texts); }, upkeep, {}};
  }
  embedding_worker upkeep(const std::shared_ptr<counting_embedder>& with) { return {database.conninfo(), text_of(with, vector_upkeep::registered), world.keys, 2}; }
  std::string states() { return database.ask("SELECT string_agg(version || ':' || dimension || ':' || state, ' ' ORDER BY version) FROM reverie.vector_versions"); }
  outcome<vector_report> build() { return build_vectors(source, text_of(fresh, vector_upkeep::building)); }
  outcome<recall_comparison> compare() { return compare_recall(pool, {*vector_version_of(operators, 1), old}, {*vector_version_of(operators, 2), fresh}, 50, 3); }
};

TEST_F(vector_versions_on_postgres, are_made_beside_the_ones_that_serve_compared_switched_to_and_gone_back_from) {
  EXPECT_EQ(states(), "1:26:serving");
  EXPECT_EQ(*upkeep(fresh).catch_up(operators), 0U) << "nobody asked for that model yet";
  std::vector<std::string> steps;
  const auto made = build_vectors(source, text_of(fresh, vector_upkeep::building), [&](const vector_progress& now) { steps.emplace_back(now.step); });
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->vectors, 18U);
  EXPECT_EQ(made->from_cache, 0U);
  EXPECT_EQ(steps.back(), "indexing");
  EXPECT_EQ(states(), "1:26:serving 2:12:ready");
  EXPECT_EQ(database.ask("SELECT count(*) FROM pg_indexes WHERE tablename = 'memory_vectors_12_letters' AND indexdef LIKE '%hnsw%'"), "1");
  EXPECT_EQ(active.now(), old);
  EXPECT_EQ(switch_vectors(operators, 2, false).error().code, code::locked) << "nobody has compared them";

  const auto found = compare();
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->queries, 6U);
  EXPECT_EQ(found->evidence_queries, 6U);
  EXPECT_GT(found->recall_of_serving, 0.2);
  EXPECT_LE(found->recall_of_serving, 1.0);
  EXPECT_LT(found->semantic_recall, 1.0) << "half of the letters are not the same as all of them";
  EXPECT_FALSE(found->worst.empty());
  ASSERT_TRUE(keep_comparison(operators, 2, R"({"overlap":0.5})"));

  const auto switched = switch_vectors(operators, 2, false);
  ASSERT_TRUE(switched) << switched.error().message;
  EXPECT_EQ(states(), "1:26:kept 2:12:serving");
  active_embedder after{pool, {old, fresh}};
  EXPECT_EQ(after.now(), fresh);
  talk.say("a new thing about the sea");
  ASSERT_TRUE(all_folded(runner, world.log));
  for (const auto& each : {old, fresh}) EXPECT_EQ(*upkeep(each).catch_up(operators), 1U) << "both are kept up to date";
  const auto back = roll_back_vectors(operators);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(states(), "1:26:serving 2:12:kept");
  EXPECT_EQ(drop_vectors(operators, 1).error().code, code::locked);
  ASSERT_TRUE(drop_vectors(operators, 2));
  EXPECT_EQ(states(), "1:26:serving");
  EXPECT_EQ(database.ask("SELECT count(*) FROM cache.embeddings WHERE model = 'letters/12'"), "0") << "nothing would take it along any more";
  EXPECT_EQ(database.ask("SELECT to_regclass('reverie.memory_vectors_12_letters') IS NULL"), "t");
}

/// As if the tables were as large as Postgres' statistics say then.
TEST_F(vector_versions_on_postgres, are_neither_counted_nor_sorted_where_there_are_very_many) {
  ASSERT_TRUE(build());
  const embedding_model of{fresh->model(), fresh->dimension()};
  const auto exact = coverage_at_a_glance(operators, of);
  ASSERT_TRUE(exact) << exact.error().message;
  EXPECT_EQ(exact->vectors, 18U);
  EXPECT_FALSE(exact->estimated);
  const auto asked = compare();
  ASSERT_TRUE(asked) << asked.error().message;
  ASSERT_EQ(database.ask("WITH told AS (UPDATE pg_class SET reltuples = 1e9 WHERE oid IN ('memories_v1.memories'::regclass, 'messages_v1.messages'::regclass) RETURNING 1) "
                         "SELECT count(*) FROM told"), "2");
  const auto guessed = coverage_at_a_glance(operators, of);
  ASSERT_TRUE(guessed) << guessed.error().message;
  EXPECT_EQ(guessed->memories, 1'000'000'000U);
  EXPECT_TRUE(guessed->estimated);
  const auto again = compare();
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_GT(again->queries, 0U) << "where the pages that are drawn have nothing, all are looked at";
  EXPECT_LE(again->queries, asked->queries);
  EXPECT_GT(again->evidence_queries, 0U);
}

TEST_F(vector_versions_on_postgres, searches_go_by_the_version_that_serves) {
  ASSERT_TRUE(build());
  ASSERT_TRUE(switch_vectors(operators, 2, true));
  postgres_recall recall(pool, active);
  const auto before = fresh->asked;
  const auto found = recall.find({.user = anna, .character = mira, .text = "the sea", .session = {}, .exclude = {}, .limit = 3, .min_position = {}});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_TRUE(found->semantic_used);
  EXPECT_EQ(fresh->asked, before + 1);
}

TEST_F(vector_versions_on_postgres, that_were_begun_are_gone_on_with_and_take_what_the_cache_has) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(build_vectors(source, text_of(fresh, vector_upkeep::building), {}, stop.get_token()).error().code, code::cancelled);
  EXPECT_EQ(states(), "1:26:serving 2:12:building");
  EXPECT_EQ(switch_vectors(operators, 2, true).error().code, code::locked);
  const auto asked = fresh->asked;
  ASSERT_TRUE(build());
  EXPECT_LE(fresh->asked, asked + 18);
  EXPECT_EQ(states(), "1:26:serving 2:12:ready");
  EXPECT_EQ(build().error().code, code::already_exists);
  // A rebuild of the memories takes both along.
  const fold* memories[1] = {find_fold("memories")};
  const auto before = fresh->asked;
  ASSERT_TRUE(rebuild({database.conninfo(), world.log, world.keys}, memories));
  EXPECT_EQ(coverage_of(operators, {"letters", 12})->vectors, 18U);
  EXPECT_EQ(fresh->asked, before);
}

TEST_F(vector_versions_on_postgres, are_not_made_while_the_memories_are) {
  auto holder = database.connect();
  const auto held = advisory_lock::try_now(holder, "rebuild.memories");
  EXPECT_EQ(build().error().code, code::locked);
  EXPECT_EQ(states(), "1:26:serving");
}

TEST_F(vector_versions_on_postgres, of_a_model_that_can_not_be_asked_any_more_give_way_when_a_server_starts) {
  const auto served = settle_vectors(operators, {{"letters", 12}});
  ASSERT_TRUE(served);
  EXPECT_EQ(served->of.dimension, 12U);
  EXPECT_EQ(states(), "1:26:kept 2:12:serving");
  active_embedder only_old{pool, {old}};
  EXPECT_EQ(only_old.now(), nullptr) << "by words alone then";
  EXPECT_EQ(compare_recall(pool, {*vector_version_of(operators, 1), old}, {*vector_version_of(operators, 2), nullptr}, 5, 3).error().code, code::unavailable);
}

} // namespace
} // namespace reverie::tests
