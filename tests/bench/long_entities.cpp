#include "events/log/state_hash.hpp"
#include "events/replay/record_search.hpp"
#include "gateway/bridge/operator_limits.hpp"
#include "gateway/wire/masking.hpp"
#include "ops/operator/folded_states.hpp"
#include "ops/operator/fork_copy.hpp"
#include "tests/bench/support/grown_log.hpp"
#include "tests/bench/support/process_memory.hpp"
#include "tests/bench/support/summary.hpp"

#include <benchmark/benchmark.h>

#include <random>

/// What looking at the past of a conversation costs that has REVERIE_BENCH_EVENTS events with its bond (default: 200,000).
namespace {

using namespace reverie;
namespace limits = gateway::operator_limits;
using std::chrono::steady_clock;

std::uint64_t events_wanted() {
  const char* given = std::getenv("REVERIE_BENCH_EVENTS");
  return given == nullptr ? 200'000 : std::stoull(given);
}

double milliseconds_since(steady_clock::time_point before) { return std::chrono::duration<double, std::milli>(steady_clock::now() - before).count(); }

/// One person who said everything in one conversation.
struct long_talk {
  tests::temporary_folder folder;
  std::shared_ptr<events::memory_key_ring> keys = std::make_shared<events::memory_key_ring>();
  bench::actor_server server{folder.path(), keys, std::make_shared<bench::forgetful_model>()};
  ops::reading_gate gate{{.long_records = 1'000, .long_calls = 10}};
  ops::entity_finder::place session, bond;
  std::uint64_t length = 0;

  long_talk() {
    const auto before = steady_clock::now();
    const auto happened = bench::grow_log(server, {.people = 1, .characters = 1, .events_min = events_wanted()});
    session = opened(events::session::opened::name);
    bond = opened(events::bond::conversation_opened::name);
    length = ops::fold_entity(source(), session, {})->sequence.value;
    std::fprintf(stderr, "%llu events in %.0f s, %llu of them in the conversation\n", static_cast<unsigned long long>(happened), milliseconds_since(before) / 1e3,
                 static_cast<unsigned long long>(length));
  }
  ops::entity_finder::place opened(std::string_view type) {
    events::record_search look;
    look.filter.type = type;
    look.forward = true;
    look.found_max = 1;
    const auto& record = events::search_records(server.log(), look)->found.at(0);
    return {record.content.address(), record.position.partition};
  }
  ops::timeline_source source() { return ops::timeline_of(server.node(), gate.enter(std::chrono::hours{1})); }
};

long_talk& talk() {
  static long_talk made;
  return made;
}

std::uint64_t share(std::int64_t percent) { return std::max<std::uint64_t>(1, talk().length * static_cast<std::uint64_t>(percent) / 100); }

/// As the page shows it.
std::size_t view_of(const ops::folded_entity& folded) {
  const auto readable = gateway::readable_state(gateway::document::parse(folded.logic->state_json(), nullptr, false));
  const auto hash = events::hex_text(events::hash_of_state(folded.logic->state_bytes()));
  return gateway::private_state(readable, gateway::privacy_mode::masked).dump().size() + hash.size();
}

/// Folded from its start.
void state_from_the_start(benchmark::State& state) {
  const auto until = share(state.range(0));
  for (auto _ : state) {
    auto before = steady_clock::now();
    const auto folded = ops::fold_entity(talk().source(), talk().session, {.sequence = until, .time = {}, .before_or_at = {}});
    const auto folding = milliseconds_since(before);
    before = steady_clock::now();
    const auto bytes = view_of(*folded);
    state.counters["fold_ms"] = folding;
    state.counters["view_ms"] = milliseconds_since(before);
    bench::report({std::format("state of a conversation after event {}", until), std::format("fold {:.0f} ms, view of {:.1f} MB {:.0f} ms", folding, static_cast<double>(bytes) / 1e6, milliseconds_since(before)), "-", 0, ""});
  }
}

/// A slider that is moved to any place, states on the way being kept.
void scrubbing(benchmark::State& state) {
  ops::folded_states kept(*talk().keys, {limits::folded_states_bytes, limits::folded_states_per_entity, limits::folded_state_every_events, limits::folded_states_at_rest,
                                          limits::folded_state_bytes_per_event});
  for (auto _ : state) {
    auto before = steady_clock::now();
    (void)ops::fold_entity(talk().source(), talk().session, {}, &kept);
    const auto first = milliseconds_since(before);
    std::mt19937_64 chance(7);
    std::vector<double> took;
    for (int i = 0; i < 40; ++i) {
      before = steady_clock::now();
      (void)ops::fold_entity(talk().source(), talk().session, {.sequence = 1 + chance() % talk().length, .time = {}, .before_or_at = {}}, &kept);
      took.push_back(milliseconds_since(before));
    }
    std::ranges::sort(took);
    bench::report({std::format("slider over {} events, states kept", talk().length),
                   std::format("first fold {:.0f} ms, then p50 {:.0f} ms, longest {:.0f} ms, {} states in {:.1f} MB", first, took[20], took.back(), kept.states(), static_cast<double>(kept.bytes()) / 1e6), "-", 0, ""});
  }
}

/// What a fork copies, up to its records.
void copy_for_a_fork(benchmark::State& state) {
  const auto until = share(state.range(0));
  for (auto _ : state) {
    const auto before = steady_clock::now();
    const auto told = ops::tell_conversation(talk().source(), talk().session, until);
    const auto reading = milliseconds_since(before);
    const auto bond = ops::tell_bond(talk().source(), talk().bond, told->position);
    const auto parts = ops::parts_of(ops::copy_of_conversation(*told), limits::fork_part_bytes);
    const auto facts = ops::parts_of(ops::copy_of_bond(*bond), limits::fork_part_bytes);
    bench::report({std::format("copy for a fork at event {}", until),
                   std::format("{:.0f} ms, {:.0f} of them reading the conversation whole; {} and {} records", milliseconds_since(before), reading, parts.size(), facts.size()), "-", 0, ""});
  }
}

BENCHMARK(state_from_the_start)->Unit(benchmark::kMillisecond)->Iterations(1)->Arg(4)->Arg(20)->Arg(100);
BENCHMARK(scrubbing)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK(copy_for_a_fork)->Unit(benchmark::kMillisecond)->Iterations(1)->Arg(4)->Arg(100);

} // namespace

BENCHMARK_MAIN();
