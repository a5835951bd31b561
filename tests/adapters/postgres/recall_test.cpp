#include "projections/queries/postgres_recall.hpp"

#include "projections/queries/postgres_read_models.hpp"
#include "projections/postgres/vector_tables.hpp"
#include "projections/runner/embedding_worker.hpp"
#include "projections/runner/rebuild.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using namespace projections;

/// A vector by the letters of a text: similar words are near.
class letter_embedder : public actors::embedder {
public:
  explicit letter_embedder(std::size_t dimension) : dimension_(dimension) {}
  std::string model() const override { return "Letters-1.0"; }
  std::size_t dimension() const override { return dimension_; }
  events::outcome<std::vector<std::vector<float>>> embed(const std::vector<std::string>& texts) override {
    ++calls;
    if (failing) return events::fail(events::failure_code::unavailable, "down");
    std::vector<std::vector<float>> all;
    for (const auto& text : texts) {
      std::vector<float> one(dimension_, 0.01F);
      for (const char each : text) one[static_cast<unsigned char>(each) % dimension_] += 1;
      all.push_back(std::move(one));
    }
    return all;
  }
  std::atomic<int> calls = 0;
  bool failing = false;

private:
  std::size_t dimension_;
};

struct postgres_recall_test : testing::Test {
  test_database database;
  talking_world world;
  connection_pool pool{database.conninfo()};
  postgres_read_models read{pool};
  events::user_id anna = world.add_user("Anna");
  events::character_id mira = world.add_character("Mira");
  conversation talk{world, anna, mira};
  std::unique_ptr<projection_runner> runner;

  void catch_up() {
    if (!runner) {
      runner = std::make_unique<projection_runner>(projection_runner::options{database.conninfo()}, world.log, world.keys);
      ASSERT_TRUE(runner->start());
    }
    ASSERT_TRUE(all_folded(*runner, world.log));
  }
  std::vector<std::string> ask(postgres_recall& recall, const std::string& text, std::size_t limit = 12) {
    actors::recall_query query;
    query.user = anna;
    query.character = mira;
    query.text = text;
    query.limit = limit;
    const auto found = recall.find(query);
    EXPECT_TRUE(found) << found.error().message;
    std::vector<std::string> all;
    if (found)
      for (const auto& each : found->memories) all.push_back(each.text);
    return all;
  }
  std::string first(postgres_recall& recall, const std::string& text) {
    const auto all = ask(recall, text);
    return all.empty() ? "" : all.front();
  }
  embedding_worker worker_of(letter_embedder& with) {
    return {database.conninfo(), {with.model(), with.dimension(), [&with](const auto& texts) { return with.embed(texts); }}, world.keys, 2};
  }
};

TEST_F(postgres_recall_test, finds_what_was_said_by_its_words_in_every_conversation_of_the_bond) {
  talk.say("My dog is called Rex");
  talk.reply("Rex sounds lovely");
  talk.say("I went swimming");
  conversation later(world, anna, mira);
  later.say("The weather is grey");
  catch_up();
  postgres_recall recall(pool, nullptr, &runner->progress());
  EXPECT_EQ(first(recall, "What is the name of my dog?"), "My dog is called Rex");
  later.say("My cat is called Tom");
  actors::recall_query query;
  query.user = anna;
  query.character = mira;
  query.text = "cat";
  query.min_position = world.last;
  const auto found = recall.find(query);
  ASSERT_TRUE(found);
  ASSERT_FALSE(found->memories.empty());
  EXPECT_EQ(found->memories.front().text, "My cat is called Tom");
  EXPECT_EQ(found->memories.front().session, later.session);
  EXPECT_FALSE(found->semantic_used);
}

TEST_F(postgres_recall_test, shows_a_stranger_nothing) {
  talk.say("My dog is called Rex");
  const auto eve = world.add_user("Eve");
  conversation other(world, eve, mira);
  other.say("hello");
  catch_up();
  postgres_recall recall(pool, nullptr);
  actors::recall_query query;
  query.user = eve;
  query.character = mira;
  query.text = "dog Rex";
  EXPECT_TRUE(recall.find(query)->memories.empty());
  query.character = {};
  EXPECT_TRUE(recall.find(query)->memories.empty());
}

TEST_F(postgres_recall_test, follows_the_active_branch) {
  const auto said = talk.say("My dog is called Rex");
  catch_up();
  postgres_recall recall(pool, nullptr);
  EXPECT_EQ(first(recall, "dog"), "My dog is called Rex");
  talk.edit(said, "My parrot is called Polly");
  catch_up();
  EXPECT_TRUE(ask(recall, "dog").empty());
  EXPECT_EQ(first(recall, "parrot"), "My parrot is called Polly");
  talk.write({events::session::branch_selected{said}});
  catch_up();
  EXPECT_EQ(first(recall, "dog"), "My dog is called Rex");
  EXPECT_TRUE(ask(recall, "parrot").empty());
}

TEST_F(postgres_recall_test, forgets_a_memory_and_its_turn_in_every_table) {
  letter_embedder letters(384);
  const auto said = talk.say("My dog is called Xylophon");
  const auto fact = talk.learn("The dog of the user is called Xylophon", said);
  const auto other = talk.say("Something else altogether");
  catch_up();
  auto worker = worker_of(letters);
  auto connected = database.connect();
  EXPECT_EQ(worker.catch_up(connected).value(), 3U);
  postgres_recall recall(pool, &letters);
  EXPECT_EQ(ask(recall, "Xylophon").size(), 3U); // the neighbour of a hit has a score too
  talk.write_bond({events::bond::memory_forgotten{fact, {}, {said}}});
  catch_up();
  for (const auto& each : ask(recall, "Xylophon")) EXPECT_EQ(each, "Something else altogether");
  EXPECT_EQ(read.memories(anna, mira, {})->total, 1U);
  EXPECT_EQ(database.ask("SELECT count(*) FROM cache.embeddings"), "1");
  // The message stays in its conversation and nowhere else.
  const auto tables = connected.run("SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')");
  for (std::size_t i = 0; i < tables->rows(); ++i) {
    const std::string table(tables->text(i, 0));
    const auto hits = database.ask("SELECT count(*) FROM " + table + " t WHERE lower(t::text) LIKE '%xylophon%'");
    EXPECT_EQ(hits, table == "messages_v1.messages" || table == "conversations_v1.conversations" ? "1" : "0") << table;
  }
  EXPECT_EQ((*read.messages(anna, talk.session, {}))->total, 2U);
  EXPECT_EQ((*read.messages(anna, talk.session, {}))->items.back().id, other);
}

TEST_F(postgres_recall_test, closes_reopens_and_retracts_facts) {
  const auto said = talk.say("I live in Bern");
  const auto bern = talk.learn("The user lives in Bern", said);
  const auto moved = talk.say("I moved to Basel");
  const auto basel = talk.learn("The user lives in Basel", moved);
  talk.write_bond({events::bond::fact_closed{bern, basel, moved, events::from_milliseconds(1'700'000'900'000)}});
  catch_up();
  EXPECT_EQ((*read.memory(anna, bern))->valid_to, events::from_milliseconds(1'700'000'900'000));
  talk.write_bond({events::bond::fact_retracted{basel, {bern}}});
  catch_up();
  EXPECT_FALSE((*read.memory(anna, bern))->valid_to);
  EXPECT_FALSE(*read.memory(anna, basel));
}

TEST_F(postgres_recall_test, uses_vectors_of_any_dimension_and_finds_what_has_none_yet) {
  talk.say("zebra zebra zebra");
  talk.say("An ordinary day");
  catch_up();
  for (const std::size_t dimension : {384U, 1536U}) {
    letter_embedder letters(dimension);
    auto worker = worker_of(letters);
    auto connected = database.connect();
    const auto written = worker.catch_up(connected);
    ASSERT_TRUE(written) << written.error().message;
    EXPECT_EQ(*written, 2U);
    EXPECT_EQ(worker.catch_up(connected).value(), 0U);
    postgres_recall recall(pool, &letters);
    actors::recall_query query;
    query.user = anna;
    query.character = mira;
    query.text = "zzzebrra";
    auto found = recall.find(query);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->semantic_used);
    ASSERT_FALSE(found->memories.empty());
    EXPECT_EQ(found->memories.front().text, "zebra zebra zebra");
    letters.failing = true;
    found = recall.find(query);
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->semantic_used);
    EXPECT_EQ(database.ask("SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%hnsw%vector_cosine_ops%' AND tablename = $1",
                           {"memory_vectors_" + std::to_string(dimension) + "_letters_1_0"}),
              "1");
  }
  talk.say("quokka just now");
  catch_up();
  letter_embedder letters(384);
  postgres_recall recall(pool, &letters);
  EXPECT_EQ(first(recall, "quokka"), "quokka just now");
}

TEST_F(postgres_recall_test, takes_vectors_along_in_a_rebuild_and_else_from_the_cache) {
  letter_embedder letters(384);
  talk.say("zebra");
  talk.say("An ordinary day");
  catch_up();
  auto worker = worker_of(letters);
  auto connected = database.connect();
  ASSERT_EQ(worker.catch_up(connected).value(), 2U);
  runner->stop();
  const fold* memories[] = {find_fold("memories")};
  const auto done = rebuild({database.conninfo(), world.log, world.keys}, memories);
  ASSERT_TRUE(done) << done.error().message;
  const int before = letters.calls;
  const auto view = "reverie." + vector_table_name(letters.model(), 384);
  EXPECT_EQ(database.ask("SELECT count(*) FROM " + view), "2");
  EXPECT_EQ(worker.catch_up(connected).value(), 0U);
  ASSERT_EQ(database.ask("SELECT schema FROM reverie.projection_versions WHERE projection = 'memories' AND serving"), "memories_v2");
  database.ask("TRUNCATE memories_v2." + vector_table_name(letters.model(), 384));
  auto fresh = worker_of(letters);
  EXPECT_EQ(fresh.catch_up(connected).value(), 2U);
  EXPECT_EQ(letters.calls, before);
}

} // namespace
} // namespace reverie::tests
