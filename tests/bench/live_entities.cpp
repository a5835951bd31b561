#include "tests/bench/support/actor_server.hpp"
#include "tests/bench/support/process_memory.hpp"
#include "tests/bench/support/summary.hpp"

#include <benchmark/benchmark.h>
#include <malloc.h>

/// Memory of live entities: stored users are woken by a command that changes nothing, so that neither the log nor its memory tables grow
/// with them; what the process grew by is theirs.
namespace {

using namespace reverie;
using bench::actor_server;

constexpr std::size_t people = 100'000;

actors::user::command profile() { return actors::user::change_profile{"Somebody"}; }

std::size_t live(actor_server& server) {
  std::size_t all = 0;
  for (const auto& each : server.node().status()) all += each.live_entities;
  return all;
}

void live_users(benchmark::State& state) {
  for (auto _ : state) {
    tests::temporary_folder folder;
    auto keys = std::make_shared<events::memory_key_ring>();
    {
      actor_server server(folder.path(), keys);
      server.submit_all(people, 1'000, [](std::size_t i) {
        return actor_server::to_user(bench::numbered_person(i), 1 + i, actors::user::register_user{"somebody@example.org", "Somebody", {"user"}});
      });
    }
    actor_server server(folder.path(), keys);
    server.submit_all(1'000, 100, [](std::size_t i) { return actor_server::to_user(bench::numbered_person(i), people + 1 + i, profile()); });
    ::malloc_trim(0);
    const auto before = bench::resident_bytes(::getpid());
    const auto began = std::chrono::steady_clock::now();
    server.submit_all(people - 1'000, 1'000,
                      [](std::size_t i) { return actor_server::to_user(bench::numbered_person(1'000 + i), people + 2'000 + i, profile()); });
    const auto woken = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    ::malloc_trim(0);
    const auto grown = static_cast<double>(bench::resident_bytes(::getpid()) - before);
    const auto each = grown / static_cast<double>(people - 1'000);
    const auto per_gib = 1024.0 * 1024 * 1024 / each;
    state.counters["bytes_each"] = each;
    state.counters["per_GiB"] = per_gib;
    state.counters["live"] = static_cast<double>(live(server));
    state.counters["woken_per_s"] = static_cast<double>(people - 1'000) / woken;
    bench::report({"live entities (users)", std::format("{:.0f} per GiB, {:.0f} bytes each", per_gib, each), "-", per_gib / 300'000, "300000 per GiB"});
  }
}

BENCHMARK(live_users)->Unit(benchmark::kSecond)->Iterations(1);

} // namespace

BENCHMARK_MAIN();
