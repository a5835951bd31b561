#include "events/log/memory_log.hpp"
#include "events/replay/log_replay.hpp"
#include "events/replay/record_events.hpp"
#include "events/vault/field_sealing.hpp"
#include "events/vault/memory_key_ring.hpp"
#include "tests/support/record_samples.hpp"

#include <benchmark/benchmark.h>

/// Replay of chat messages on one core: epoch rule, chain hashes, decoding and unsealing, against a loop that only decodes and
/// unseals the same records.
namespace {

using namespace reverie;

struct recorded_chat {
  explicit recorded_chat(std::size_t messages) {
    events::user_id person{tests::numbered_uuid(5)};
    auto sealer = events::seal_with(person, ring.create(person).value());
    log.write_raw({0}, tests::announcement({0}, 1, tests::numbered_uuid(9), 1));
    std::vector<tests::record_chain> sessions;
    for (std::uint64_t i = 0; i < 64; ++i) sessions.emplace_back(tests::numbered_session(i), 1, tests::numbered_uuid(9));
    const std::string text = "I walked along the river this morning and thought about what you said. Do you remember the lighthouse?";
    for (std::size_t i = 0; i < messages; ++i) log.write_raw({0}, sessions[i % 64].message(text, sealer));
  }
  events::memory_log log{1};
  events::memory_key_ring ring;
};

recorded_chat& chat() {
  static recorded_chat made(50'000);
  return made;
}

struct counter : events::replay_visitor {
  std::size_t bytes = 0;
  void on_event(events::recorded_event& each, bool) override { bytes += each.payload.index(); }
};

void replay_whole(benchmark::State& state) {
  std::int64_t events = 0;
  for (auto _ : state) {
    counter seen;
    events::replay_options options;
    options.check_hashes = state.range(0) == 1;
    options.make_opener = [] { return events::open_with(chat().ring); };
    auto report = events::replay_partition(chat().log, {0}, options, &seen).value();
    events += static_cast<std::int64_t>(report.events);
    benchmark::DoNotOptimize(seen.bytes);
  }
  state.SetItemsProcessed(events);
}

void decode_only(benchmark::State& state) {
  auto reader = chat().log.reader({0}, {0}).value();
  std::vector<events::stored_record> records;
  while (reader->read(records, 4096, {}).value() > 0) {}
  std::int64_t events = 0;
  for (auto _ : state) {
    events::record_decoder decoder(events::open_with(chat().ring));
    for (const auto& each : records) {
      decoder.decode(each).value();
      events += static_cast<std::int64_t>(decoder.events().size());
    }
  }
  state.SetItemsProcessed(events);
}

BENCHMARK(decode_only)->Unit(benchmark::kMillisecond);
BENCHMARK(replay_whole)->ArgName("hashes")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
