#include "actors/effects/hashing_embedder.hpp"
#include "projections/postgres/vector_tables.hpp"
#include "projections/queries/postgres_recall.hpp"
#include "projections/runner/rebuild.hpp"
#include "tests/bench/support/summary.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>

/// Searches of one person with 100,000 memories: by words alone, and by words and vectors of the hashing embedder.
namespace {

using namespace reverie;
using namespace reverie::tests;

constexpr std::size_t conversations = 500, turns = 100; ///< a turn is a message and its reply: two memories

const std::vector<std::string> people_said = {"Bruno", "Anna", "Tom", "Yara", "Milo", "Greta"};
const std::vector<std::string> places = {"river", "old mill", "lighthouse", "market", "station", "garden", "library", "harbour", "bakery", "museum"};
const std::vector<std::string> deeds = {"walked", "talked", "cooked", "argued", "laughed", "painted", "waited", "danced", "read", "slept"};

std::string pick(const std::vector<std::string>& from, std::mt19937& random) { return from[random() % from.size()]; }

/// Words of a language are few and common, or many and rare; so are these.
std::string sentence(std::mt19937& random) {
  return "Yesterday I " + pick(deeds, random) + " with " + pick(people_said, random) + " by the " + pick(places, random) + " and thought of number" +
         std::to_string(random() % 5'000) + " and word" + std::to_string(random() % 300) + ".";
}

struct remembered_life {
  test_database database;
  talking_world world{1};
  events::user_id user = world.add_user("Anna");
  events::character_id character = world.add_character("Mira");

  std::string schema; ///< of the memories that serve

  remembered_life() {
    std::mt19937 random(11);
    for (std::size_t i = 0; i < conversations; ++i) {
      conversation talk(world, user, character);
      for (std::size_t turn = 0; turn < turns; ++turn) {
        talk.say(sentence(random));
        talk.reply(sentence(random));
      }
    }
    if (const auto done = projections::rebuild({database.conninfo(), world.log, world.keys}, projections::all_folds()); !done)
      throw std::runtime_error(done.error().message);
    schema = database.ask("SELECT schema FROM reverie.projection_versions WHERE projection = 'memories' AND serving");
    database.ask("VACUUM ANALYZE " + schema + ".memories");
    database.ask("VACUUM ANALYZE " + schema + ".postings");
  }

  /// Vectors of the first `count` memories, written at once. The HNSW index, which an exact scan of one owner does not use, is left out:
  /// building it is another benchmark's time.
  void give_vectors(std::size_t count) {
    actors::hashing_embedder embedder;
    auto connected = database.connect();
    const auto name = projections::vector_table_name(embedder.model(), embedder.dimension());
    if (!projections::ensure_vector_table(connected, schema, embedder.model(), embedder.dimension())) throw std::runtime_error("no vector table");
    database.ask("DROP INDEX " + schema + "." + name + "_near");
    const auto rows = connected.run("SELECT id, bond_id, ordinal, text FROM reverie.memory_documents ORDER BY ordinal LIMIT " + std::to_string(count));
    if (!rows) throw std::runtime_error(rows.error().message);
    std::vector<projections::statement> statements;
    auto flush = [&] {
      if (const auto done = connected.run_all(statements); !done) throw std::runtime_error(done.error().message);
      statements.clear();
    };
    for (std::size_t i = 0; i < rows->rows(); ++i) {
      statements.push_back({"INSERT INTO " + schema + "." + name + " VALUES ($1, $2, $3, $4, '', $5::vector)",
                            {std::string(rows->text(i, 0)), std::string(rows->text(i, 1)), events::to_string(user), std::string(rows->text(i, 2)),
                             projections::vector_text(actors::hashing_embedding(rows->text(i, 3)))}});
      if (statements.size() == 200) flush();
    }
    if (!statements.empty()) flush();
    database.ask("VACUUM ANALYZE " + schema + "." + name);
  }
};

remembered_life& life() {
  static remembered_life made;
  return made;
}

void search(benchmark::State& state, actors::embedder* embedder, const std::string& what) {
  projections::connection_pool pool(life().database.conninfo());
  projections::postgres_recall recall(pool, embedder);
  std::mt19937 random(3);
  actors::recall_query query;
  query.user = life().user;
  query.character = life().character;
  query.text = "Who is Bruno?";
  const auto cold_before = std::chrono::steady_clock::now();
  if (const auto warm = recall.find(query); !warm || warm->memories.empty()) return state.SkipWithError("nothing was found");
  state.counters["first_ms"] = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - cold_before).count();
  std::vector<double> took_ms;
  for (auto _ : state) {
    query.text = "What did I do with " + pick(people_said, random) + " by the " + pick(places, random) + " when we " + pick(deeds, random) + " about number" +
                 std::to_string(random() % 5'000) + "?";
    const auto before = std::chrono::steady_clock::now();
    const auto found = recall.find(query);
    took_ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - before).count());
    if (!found || found->memories.empty()) return state.SkipWithError("nothing was found");
  }
  std::ranges::sort(took_ms);
  const auto p50 = took_ms[took_ms.size() / 2], p95 = took_ms[took_ms.size() * 95 / 100];
  state.counters["p50_ms"] = p50;
  state.counters["p95_ms"] = p95;
  bench::report({"memory search, " + what, std::format("p50 {:.1f} ms, p95 {:.1f} ms", p50, p95), "-", 0, "p95 < 50 ms"});
}

void search_by_words(benchmark::State& state) { search(state, nullptr, "100000 memories, words"); }

void search_by_words_and_vectors(benchmark::State& state) {
  const auto vectors = static_cast<std::size_t>(state.range(0));
  static std::size_t given = 0;
  if (given == 0) life().give_vectors(given = vectors);
  actors::hashing_embedder embedder;
  search(state, &embedder, std::format("100000 memories, words and {} vectors", vectors));
}

BENCHMARK(search_by_words)->Unit(benchmark::kMillisecond)->Iterations(100);
BENCHMARK(search_by_words_and_vectors)->ArgName("vectors")->Arg(20'000)->Unit(benchmark::kMillisecond)->Iterations(60);

} // namespace

BENCHMARK_MAIN();
