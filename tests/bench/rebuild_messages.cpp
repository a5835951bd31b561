#include "projections/runner/rebuild.hpp"
#include "tests/bench/support/summary.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <benchmark/benchmark.h>
#include <libpq-fe.h>

/// A rebuild of `messages` out of the log (reading, epoch rule, decoding, unsealing, folding, COPY, index) against a bare binary COPY of
/// the same rows into an equal table.
namespace {

using namespace reverie;
using namespace reverie::tests;

constexpr std::size_t people = 50, turns = 1'200; ///< a turn is a message and its reply

void talk(talking_world& world) {
  const auto character = world.add_character("Mira");
  for (std::size_t person = 0; person < people; ++person) {
    conversation each(world, world.add_user("user" + std::to_string(person)), character);
    for (std::size_t turn = 0; turn < turns; ++turn) {
      each.say("I walked along the river this morning and thought about what you said, number " + std::to_string(turn) + ".");
      each.reply("The river is high at this time of the year. Did you see the herons by the old mill? They come back every spring.");
    }
  }
}

/// All rows as Postgres' own binary COPY gives them.
std::string rows_of(const std::string& conninfo, const std::string& table) {
  const std::unique_ptr<PGconn, void (*)(PGconn*)> database(PQconnectdb(conninfo.c_str()), &PQfinish);
  PQclear(PQexec(database.get(), ("COPY " + table + " TO STDOUT (FORMAT binary)").c_str()));
  std::string all;
  char* piece = nullptr;
  for (int size; (size = PQgetCopyData(database.get(), &piece, 0)) > 0; PQfreemem(piece)) all.append(piece, static_cast<std::size_t>(size));
  return all;
}

void rebuild_of_messages(benchmark::State& state) {
  test_database database;
  talking_world world(4);
  talk(world);
  auto connected = database.connect();
  const projections::fold* which[] = {projections::find_fold("messages")};
  const projections::bulk_source source{database.conninfo(), world.log, world.keys};
  double rebuilt_s = 0, bare_s = 0, cpu = 0;
  std::uint64_t rows = 0;
  for (auto _ : state) {
    const auto cpu_before = bench::own_cpu_us();
    const auto before = std::chrono::steady_clock::now();
    if (const auto done = projections::rebuild(source, which); !done) return state.SkipWithError(done.error().message.c_str());
    const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
    cpu += bench::own_cpu_us() - cpu_before;
    rebuilt_s += took;
    state.SetIterationTime(took);
    const auto bytes = rows_of(database.conninfo(), "messages_v1.messages");
    if (!connected.run_script("DROP TABLE IF EXISTS bare_messages; CREATE TABLE bare_messages (LIKE messages_v1.messages INCLUDING ALL)"))
      return state.SkipWithError("no equal table");
    const auto bare_before = std::chrono::steady_clock::now();
    const auto copied = connected.copy_in("COPY bare_messages FROM STDIN (FORMAT binary)", bytes);
    bare_s += std::chrono::duration<double>(std::chrono::steady_clock::now() - bare_before).count();
    if (!copied) return state.SkipWithError(copied.error().message.c_str());
    rows += *copied;
  }
  const auto all = static_cast<double>(rows);
  state.counters["rows_per_s"] = all / rebuilt_s;
  state.counters["bare_rows_per_s"] = all / bare_s;
  state.counters["ratio"] = bare_s / rebuilt_s;
  state.counters["cpu_us"] = cpu / all;
  bench::report({"rebuild of messages", std::format("{:.0f} rows/s, {:.1f} us CPU a row", all / rebuilt_s, cpu / all),
                 std::format("bare COPY {:.0f} rows/s", all / bare_s), bare_s / rebuilt_s, "0.4"});
}

BENCHMARK(rebuild_of_messages)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(3);

} // namespace

BENCHMARK_MAIN();
