#include "tests/bench/support/actor_server.hpp"
#include "tests/bench/support/bare_commits.hpp"
#include "tests/bench/support/summary.hpp"

#include <benchmark/benchmark.h>

/// Acknowledged commands inside the process (decide, append, read back, evolve, answer), one record each, against bare RocksDB synced
/// group commits of the same record's bytes with as many writers.
namespace {

using namespace reverie;
using bench::actor_server;

constexpr std::size_t people = 256;

std::string bytes_of_a_record(events::event_log& log) {
  for (std::uint32_t partition = 0; partition < log.partitions(); ++partition) {
    const auto range = log.range({partition}).value();
    if (range.end.value < 2) continue;
    auto reader = log.reader({partition}, {range.end.value - 1}).value();
    std::vector<events::stored_record> records;
    if (reader->read(records, 1, std::chrono::seconds{1}).value() > 0) return events::encode_record(records.front().content);
  }
  std::abort();
}

void commands_inside_the_process(benchmark::State& state) {
  const auto clients = static_cast<std::size_t>(state.range(0));
  const std::size_t commands = clients == 1 ? 1'000 : 20'000;
  tests::temporary_folder folder;
  actor_server server(folder.path(), std::make_shared<events::memory_key_ring>());
  std::uint64_t id = 1;
  server.submit_all(people, 64, [&](std::size_t i) {
    return actor_server::to_user(bench::numbered_person(i), id++, actors::user::register_user{"p@example.org", "Person", {"user"}});
  });
  double seconds = 0, cpu = 0, bare = 0;
  for (auto _ : state) {
    const auto cpu_before = bench::own_cpu_us();
    const auto before = std::chrono::steady_clock::now();
    server.submit_all(commands, clients, [&](std::size_t i) {
      const auto number = id++;
      return actor_server::to_user(bench::numbered_person(i % people), number, actors::user::change_profile{"Name " + std::to_string(number)});
    });
    const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
    cpu += bench::own_cpu_us() - cpu_before;
    seconds += took;
    state.SetIterationTime(took);
    bare += bench::bare_commits_per_second(bytes_of_a_record(server.log()), clients, clients == 1 ? 1'000 : 10'000);
  }
  const auto done = static_cast<double>(state.iterations()) * static_cast<double>(commands);
  const auto rate = done / seconds;
  bare /= static_cast<double>(state.iterations());
  state.counters["per_s"] = rate;
  state.counters["bare_per_s"] = bare;
  state.counters["ratio"] = rate / bare;
  state.counters["cpu_us"] = cpu / done;
  bench::report({std::format("commands inside the process, {} clients", clients), std::format("{:.0f}/s, {:.0f} us CPU", rate, cpu / done),
                 std::format("bare synced commits {:.0f}/s", bare), rate / bare, clients == 64 ? "0.6" : "-"});
}

BENCHMARK(commands_inside_the_process)->ArgName("clients")->Arg(1)->Arg(64)->Arg(256)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(2);

} // namespace

BENCHMARK_MAIN();
