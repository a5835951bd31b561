#include "events/codec/json_text.hpp"
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

/// What looking at the past of an entity costs: of a person with REVERIE_BENCH_EVENTS events (default: 500,000), and of a conversation.
namespace {

using namespace reverie;
namespace limits = gateway::operator_limits;
using std::chrono::steady_clock;

constexpr std::uint64_t talk_events = 10'000; ///< of the conversation with its bond: one turn after the other, which takes its time

std::uint64_t events_wanted() {
  const char* given = std::getenv("REVERIE_BENCH_EVENTS");
  return given == nullptr ? 500'000 : std::stoull(given);
}

double milliseconds_since(steady_clock::time_point before) { return std::chrono::duration<double, std::milli>(steady_clock::now() - before).count(); }

/// Actors on a log of their own.
struct inner_server {
  tests::temporary_folder folder;
  std::shared_ptr<events::memory_key_ring> keys = std::make_shared<events::memory_key_ring>();
  bench::actor_server server{folder.path(), keys, std::make_shared<bench::forgetful_model>()};
  ops::reading_gate gate{{.long_records = 1'000, .long_calls = 10}};

  ops::entity_finder::place first_of(std::string_view type) {
    events::record_search look;
    look.filter.type = type;
    look.forward = true;
    look.found_max = 1;
    const auto& record = events::search_records(server.log(), look)->found.at(0);
    return {record.content.address(), record.position.partition};
  }
  ops::timeline_source source() { return ops::timeline_of(server.node(), gate.enter(std::chrono::hours{1})); }
};

/// One person who is called otherwise ever again.
struct long_life : inner_server {
  ops::entity_finder::place person;
  std::uint64_t length = events_wanted();

  long_life() {
    constexpr std::size_t under_way = 32;
    const auto who = bench::numbered_person(1);
    server.submit_all(1, 1, [&](std::size_t) { return bench::actor_server::to_user(who, 1, actors::user::register_user{"somebody@example.org", "Somebody", {"user"}}); });
    server.submit_all(length - 1, under_way, [&](std::size_t i) { return bench::actor_server::to_user(who, 2 + i, actors::user::change_profile{"Somebody " + std::to_string(i)}); });
    person = first_of(events::user::registered::name);
  }
};

long_life& life() {
  static long_life made;
  return made;
}

/// One person who said everything in one conversation.
struct long_talk : inner_server {
  ops::entity_finder::place session, bond;

  long_talk() {
    (void)bench::grow_log(server, {.people = 1, .characters = 1, .events_min = talk_events});
    session = first_of(events::session::opened::name);
    bond = first_of(events::bond::conversation_opened::name);
  }
};

/// As the page shows it.
std::size_t view_of(const ops::folded_entity& folded) {
  const auto readable = gateway::readable_state(gateway::document::parse(folded.logic->state_json(), nullptr, false));
  const auto hash = events::hex_text(events::hash_of_state(folded.logic->state_bytes()));
  return gateway::private_state(readable, gateway::privacy_mode::masked).dump().size() + hash.size();
}

/// Folded from its start.
void state_from_the_start(benchmark::State& state) {
  auto& all = life();
  const auto until = std::min<std::uint64_t>(all.length, static_cast<std::uint64_t>(state.range(0)));
  for (auto _ : state) {
    const auto before = steady_clock::now();
    const auto folded = ops::fold_entity(all.source(), all.person, {.sequence = until, .time = {}, .before_or_at = {}});
    const auto took = milliseconds_since(before);
    if (!folded || folded->sequence.value != until) return state.SkipWithError("not folded");
    bench::report({std::format("state of a person after event {}, from the first", until), std::format("{:.0f} ms, {:.0f} records/s", took, static_cast<double>(until) / took * 1e3), "-", 0, ""});
  }
}

/// A slider that is moved to any place, states on the way being kept.
void scrubbing(benchmark::State& state) {
  auto& all = life();
  ops::folded_states kept(*all.keys, {limits::folded_states_bytes, limits::folded_states_per_entity, limits::folded_state_every_events, limits::folded_states_at_rest,
                                      limits::folded_state_bytes_per_event});
  for (auto _ : state) {
    auto before = steady_clock::now();
    (void)ops::fold_entity(all.source(), all.person, {}, &kept);
    const auto first = milliseconds_since(before);
    std::mt19937_64 chance(7);
    std::vector<double> took;
    for (int i = 0; i < 40; ++i) {
      before = steady_clock::now();
      (void)ops::fold_entity(all.source(), all.person, {.sequence = 1 + chance() % all.length, .time = {}, .before_or_at = {}}, &kept);
      took.push_back(milliseconds_since(before));
    }
    std::ranges::sort(took);
    bench::report({std::format("slider over {} events, states kept", all.length),
                   std::format("first fold {:.0f} ms, then p50 {:.0f} ms, longest {:.0f} ms; {} states", first, took[20], took.back(), kept.states()), "-", 0, ""});
  }
}

/// What a fork copies, up to its records; and the page of a conversation.
void copy_for_a_fork(benchmark::State& state) {
  long_talk all;
  for (auto _ : state) {
    auto before = steady_clock::now();
    const auto told = ops::tell_conversation(all.source(), all.session, std::nullopt);
    const auto bond = ops::tell_bond(all.source(), all.bond, told->position);
    const auto parts = ops::parts_of(ops::copy_of_conversation(*told), limits::fork_part_bytes);
    const auto facts = ops::parts_of(ops::copy_of_bond(*bond), limits::fork_part_bytes);
    bench::report({std::format("copy for a fork of a conversation of {} events", told->last_sequence.value),
                   std::format("{:.0f} ms, {} messages in {} records", milliseconds_since(before), told->then.nodes.size(), parts.size() + facts.size()), "-", 0, ""});
    const auto folded = ops::fold_entity(all.source(), all.session, {});
    before = steady_clock::now();
    const auto bytes = view_of(*folded);
    bench::report({std::format("view of a conversation of {} messages", told->then.nodes.size()), std::format("{:.0f} ms, {:.1f} MB", milliseconds_since(before), static_cast<double>(bytes) / 1e6), "-", 0, ""});
  }
}

BENCHMARK(state_from_the_start)->Unit(benchmark::kMillisecond)->Iterations(1)->Arg(20'000)->Arg(100'000)->Arg(500'000);
BENCHMARK(scrubbing)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK(copy_for_a_fork)->Unit(benchmark::kMillisecond)->Iterations(1);

} // namespace

BENCHMARK_MAIN();
