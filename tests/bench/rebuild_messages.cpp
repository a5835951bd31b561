#include "projections/runner/rebuild.hpp"
#include "tests/bench/support/summary.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <benchmark/benchmark.h>
#include <libpq-fe.h>

/// A rebuild of each projection out of the log (reading, epoch rule, decoding, unsealing, folding, COPY, indexes, switch) against a bare
/// binary COPY of the same rows into equal tables.
namespace {

using namespace reverie;
using namespace reverie::tests;

constexpr std::size_t people = 200, turns = 1'200; ///< a turn is a message and its reply

void talk(talking_world& world) {
  const auto character = world.add_character("Mira");
  for (std::size_t person = 0; person < people; ++person) {
    conversation each(world, world.add_user("user" + std::to_string(person)), character);
    for (std::size_t turn = 0; turn < turns; ++turn) {
      each.say("I walked along the river this morning and thought about what you said, number " + std::to_string(turn) + ".");
      if (turn % 4 == 0) each.write_bond({events::bond::affinity_changed{"affection", 0.001, 0.5, "kind_word", "said something kind", *each.leaf, 1}});
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

/// Copies the rows of every table of a schema into equal tables with equal indexes, as fast as a bare COPY goes; seconds and rows.
std::pair<double, std::uint64_t> copy_bare(projections::connection& database, const std::string& conninfo, const projections::fold& of, const std::string& schema) {
  double took = 0;
  std::uint64_t rows = 0;
  for (const auto* each : of.tables()) {
    const auto name = schema + "." + std::string(each->name);
    const auto bytes = rows_of(conninfo, name);
    if (!database.run_script("DROP TABLE IF EXISTS bare; CREATE TABLE bare (LIKE " + name + " INCLUDING ALL)")) throw std::runtime_error("no equal table");
    const auto before = std::chrono::steady_clock::now();
    const auto copied = database.copy_in("COPY bare FROM STDIN (FORMAT binary)", bytes);
    took += std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
    if (!copied) throw std::runtime_error(copied.error().message);
    rows += *copied;
  }
  return {took, rows};
}

void rebuild_of(benchmark::State& state, const std::string& projection) {
  test_database database;
  talking_world world(4);
  talk(world);
  auto connected = database.connect();
  const projections::fold* which[] = {projections::find_fold(projection)};
  const projections::bulk_source source{database.conninfo(), world.log, world.keys};
  // What a COPY does not do either is left out: comparing with what served before.
  const projections::rebuild_options how{.keep_old = false, .compare = false, .pace = {}};
  double rebuilt_s = 0, bare_s = 0, cpu = 0;
  std::uint64_t rows = 0, happened = 0;
  for (auto _ : state) {
    const auto cpu_before = bench::own_cpu_us();
    const auto before = std::chrono::steady_clock::now();
    const auto done = projections::rebuild(source, which, {}, {}, how);
    if (!done) return state.SkipWithError(done.error().message.c_str());
    const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
    cpu += bench::own_cpu_us() - cpu_before;
    rebuilt_s += took;
    happened += done->events;
    state.SetIterationTime(took);
    const auto [bare, count] = copy_bare(connected, database.conninfo(), *which[0], projection + "_v" + std::to_string(done->projections.front().new_version));
    bare_s += bare;
    rows += count;
  }
  const auto all = static_cast<double>(rows);
  state.counters["rows_per_s"] = all / rebuilt_s;
  state.counters["events_per_s"] = static_cast<double>(happened) / rebuilt_s;
  state.counters["bare_rows_per_s"] = all / bare_s;
  state.counters["ratio"] = bare_s / rebuilt_s;
  state.counters["cpu_us"] = cpu / all;
  bench::report({"rebuild of " + projection, std::format("{:.0f} rows/s from {:.0f} events/s, {:.1f} us CPU a row", all / rebuilt_s, static_cast<double>(happened) / rebuilt_s, cpu / all),
                 std::format("bare COPY {:.0f} rows/s", all / bare_s), bare_s / rebuilt_s, projection == "messages" ? "0.5" : ""});
}

BENCHMARK_CAPTURE(rebuild_of, messages, "messages")->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(3);
BENCHMARK_CAPTURE(rebuild_of, memories, "memories")->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(3);
BENCHMARK_CAPTURE(rebuild_of, conversations, "conversations")->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(3);
BENCHMARK_CAPTURE(rebuild_of, bonds, "bonds")->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(3);

} // namespace

BENCHMARK_MAIN();
