#include "events/rocksdb/log_layout.hpp"
#include "events/rocksdb/rocksdb_log.hpp"
#include "tests/support/record_samples.hpp"
#include "tests/support/temporary_folder.hpp"

#include <atomic>
#include <benchmark/benchmark.h>
#include <future>
#include <rocksdb/db.h>
#include <semaphore>
#include <thread>

/// Appends to the embedded log with so many clients, each waiting for its acknowledgement before the next, against bare RocksDB
/// with as many threads writing the same bytes synced (it groups commits itself).
namespace {

using namespace reverie;

constexpr std::size_t appends = 4000;

events::record sample() {
  auto made = tests::record_chain(tests::numbered_session(1), 1, tests::numbered_uuid(9)).message("x");
  made.value.append(600, ' ');
  return made;
}

void log_append(benchmark::State& state) {
  auto clients = static_cast<std::size_t>(state.range(0));
  auto content = sample();
  std::uint64_t batches = 0;
  for (auto _ : state) {
    tests::temporary_folder folder;
    auto log = events::rocksdb_log::open(folder.path()).value();
    auto before = std::chrono::steady_clock::now();
    std::counting_semaphore<> free_clients(static_cast<std::ptrdiff_t>(clients));
    for (std::size_t i = 0; i < appends; ++i) {
      free_clients.acquire();
      log->append({static_cast<std::uint32_t>(i % 4)}, content, [&](events::outcome<events::log_offset>) { free_clients.release(); });
    }
    for (std::size_t i = 0; i < clients; ++i) free_clients.acquire();
    state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count());
    batches += log->batches_written();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(appends));
  state.counters["per_sync"] = static_cast<double>(state.iterations()) * static_cast<double>(appends) / static_cast<double>(batches);
}

void bare_rocksdb(benchmark::State& state) {
  auto clients = static_cast<std::size_t>(state.range(0));
  auto bytes = events::encode_record(sample());
  for (auto _ : state) {
    tests::temporary_folder folder;
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* raw = nullptr;
    if (!rocksdb::DB::Open(options, folder.path().string(), &raw).ok()) return state.SkipWithError("can't open RocksDB");
    std::unique_ptr<rocksdb::DB> database(raw);
    auto before = std::chrono::steady_clock::now();
    std::atomic<std::uint64_t> next{0};
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < clients; ++i) {
        threads.emplace_back([&] {
          rocksdb::WriteOptions synced;
          synced.sync = true;
          for (auto offset = next.fetch_add(1); offset < appends; offset = next.fetch_add(1)) {
            auto key = events::log_layout::key_of({{static_cast<std::uint32_t>(offset % 4)}, {offset}});
            if (!database->Put(synced, key, bytes).ok()) std::abort();
          }
        });
      }
    }
    state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(appends));
}

BENCHMARK(bare_rocksdb)->ArgName("clients")->Arg(1)->Arg(64)->Arg(256)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(2);
BENCHMARK(log_append)->ArgName("clients")->Arg(1)->Arg(64)->Arg(256)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(2);

} // namespace

BENCHMARK_MAIN();
