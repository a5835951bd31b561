#include "events/kafka/kafka_log.hpp"
#include "events/replay/log_replay.hpp"
#include "events/vault/field_sealing.hpp"
#include "tests/bench/support/actor_server.hpp"
#include "tests/bench/support/bare_kafka.hpp"
#include "tests/bench/support/kafka_broker.hpp"
#include "tests/bench/support/summary.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <thread>

/// Acknowledged commands with Kafka as the log (decide, produce, read back under the own epoch, evolve, answer), one record each, against
/// librdkafka alone that produces the same bytes and reads them back with as many in flight; how long an answer takes at half that rate,
/// against the bare loop at that very rate; and replay against librdkafka that only fetches the same records. One broker, and three that
/// all hold each record.
namespace {

using namespace reverie;
using bench::actor_server;
using clock_type = bench::bare_kafka::clock;

/// More than there are commands in flight: an entity decides one at a time.
constexpr std::size_t people = 4'096;
/// Ours and the bare loop take turns, so that neither has the warmer broker or the calmer machine.
constexpr int rounds = 3;
constexpr std::int32_t partitions = 8;

events::kafka_log_options options_of(const std::string& brokers, const std::string& topic) {
  events::kafka_log_options options;
  options.cluster.brokers = brokers;
  options.cluster.topic = topic;
  options.topic.partitions = partitions;
  return options;
}

/// One cluster and a server on it.
struct kafka_server {
  explicit kafka_server(int brokers) : broker(brokers), keys(std::make_shared<events::memory_key_ring>()) {
    bare_log = events::kafka_log::open(options_of(broker.list(), "bare")).value();
    bare = std::make_unique<bench::bare_kafka>(broker.list(), "bare", partitions);
    server = std::make_unique<actor_server>(events::kafka_log::open(options_of(broker.list(), "ours")).value(), folder.path(), keys);
    server->submit_all(people, 64, [&](std::size_t i) {
      return actor_server::to_user(bench::numbered_person(i), id++, actors::user::register_user{"p@example.org", "Person", {"user"}});
    });
  }

  actors::command_envelope change(std::size_t i) {
    const auto number = id++;
    return actor_server::to_user(bench::numbered_person(i % people), number, actors::user::change_profile{"Name " + std::to_string(number)});
  }

  /// Commands at a steady rate, each answered when it is; how long that took.
  bench::loop_figures at_rate(double per_second, std::size_t count) {
    std::vector<double> took_ms(count);
    std::counting_semaphore<> answered(0);
    const auto began = clock_type::now();
    for (std::size_t i = 0; i < count; ++i) {
      const auto due = began + std::chrono::duration_cast<clock_type::duration>(std::chrono::duration<double>(static_cast<double>(i) / per_second));
      std::this_thread::sleep_until(due);
      server->node().submit(change(i), [&, i, due](const actors::command_outcome& answer) {
        if (!answer) std::abort();
        took_ms[i] = std::chrono::duration<double, std::milli>(clock_type::now() - due).count();
        answered.release();
      });
    }
    for (std::size_t i = 0; i < count; ++i) answered.acquire();
    return bench::loop_figures::of(std::move(took_ms), std::chrono::duration<double>(clock_type::now() - began).count());
  }

  std::string bytes_of_a_record() {
    for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(partitions); ++i) {
      const auto range = server->log().range({i}).value();
      if (range.end.value < 3) continue;
      auto reader = server->log().reader({i}, {range.end.value - 1}).value();
      std::vector<events::stored_record> records;
      if (reader->read(records, 1, std::chrono::seconds{5}).value() > 0) return events::encode_record(records.front().content);
    }
    std::abort();
  }

  bench::kafka_broker broker;
  tests::temporary_folder folder;
  std::shared_ptr<events::memory_key_ring> keys;
  std::unique_ptr<events::kafka_log> bare_log; ///< makes the topic of the bare loop
  std::unique_ptr<bench::bare_kafka> bare;
  std::unique_ptr<actor_server> server;
  std::uint64_t id = 1;
};

std::unique_ptr<kafka_server> running; ///< ended by main: what it uses is gone when globals are
int brokers_running = 0;

kafka_server& server_on(int brokers) {
  if (brokers_running != brokers) {
    running.reset();
    running = std::make_unique<kafka_server>(brokers);
    brokers_running = brokers;
  }
  return *running;
}

std::string named(const char* what, int brokers) { return std::format("{}, Kafka with {}", what, brokers == 1 ? "1 broker" : "3 brokers, RF 3"); }

struct round_figures {
  double rate = 0, cpu_us = 0, bare_rate = 0;
};

round_figures one_round(kafka_server& at, const std::string& bytes, std::size_t in_flight, std::size_t count) {
  round_figures round;
  const auto cpu_before = bench::own_cpu_us();
  const auto before = clock_type::now();
  at.server->submit_all(count, in_flight, [&](std::size_t i) { return at.change(i); });
  round.rate = static_cast<double>(count) / std::chrono::duration<double>(clock_type::now() - before).count();
  round.cpu_us = (bench::own_cpu_us() - cpu_before) / static_cast<double>(count);
  round.bare_rate = at.bare->produce_and_read_back(bytes, in_flight, count).per_second;
  return round;
}

/// The median round by its ratio.
round_figures commands_and_bare(kafka_server& at, const std::string& bytes, std::size_t in_flight, std::size_t count) {
  std::array<round_figures, rounds> all;
  for (auto& each : all) each = one_round(at, bytes, in_flight, count);
  std::ranges::sort(all, {}, [](const round_figures& each) { return each.rate / each.bare_rate; });
  return all[rounds / 2];
}

void commands(benchmark::State& state) {
  const auto brokers = static_cast<int>(state.range(0));
  const auto in_flight = static_cast<std::size_t>(state.range(1));
  auto& at = server_on(brokers);
  const std::size_t count = in_flight == 1 ? 500 : 20'000;
  const auto bytes = at.bytes_of_a_record();
  (void)one_round(at, bytes, in_flight, count / 4); // warms up both
  round_figures full{};
  bench::loop_figures half{}, bare_half{};
  for (auto _ : state) {
    full = commands_and_bare(at, bytes, in_flight, count);
    if (in_flight != 64) continue;
    const auto four_seconds = static_cast<std::size_t>(full.rate * 2);
    half = at.at_rate(full.rate / 2, four_seconds);
    bare_half = at.bare->at_rate(bytes, full.rate / 2, four_seconds);
  }
  const auto ratio = full.rate / full.bare_rate;
  state.counters["per_s"] = full.rate;
  state.counters["bare_per_s"] = full.bare_rate;
  state.counters["ratio"] = ratio;
  bench::report({named(std::format("commands, {} in flight", in_flight).c_str(), brokers), std::format("{:.0f}/s, {:.0f} us CPU", full.rate, full.cpu_us),
                 std::format("bare produce and read back {:.0f}/s", full.bare_rate), ratio, in_flight > 1 ? "0.6" : "-"});
  if (in_flight == 64)
    bench::report({named("answer at half of that rate", brokers), std::format("p50 {:.2f} ms, p99 {:.2f} ms", half.p50_ms, half.p99_ms),
                   std::format("bare at the same rate p50 {:.2f}, p99 {:.2f} ms", bare_half.p50_ms, bare_half.p99_ms), 0, "p99 <= 15 ms"});
}

void replay(benchmark::State& state) {
  auto& at = server_on(1);
  std::uint64_t records = 0;
  double ours = 0, bare = 0;
  for (auto _ : state) {
    const auto before = clock_type::now();
    records = 0;
    for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(partitions); ++i) {
      events::replay_options options;
      options.make_opener = [&] { return events::open_with(*at.keys); };
      records += events::replay_partition(at.server->log(), {i}, options, nullptr).value().records;
    }
    ours = static_cast<double>(records) / std::chrono::duration<double>(clock_type::now() - before).count();
    bench::bare_kafka fetcher(at.broker.list(), "ours", partitions);
    bare = fetcher.read_all(records);
  }
  state.counters["per_s"] = ours;
  state.counters["bare_per_s"] = bare;
  bench::report({"replay with chain hashes, from Kafka", std::format("{:.0f} events/s ({} records)", ours, records),
                 std::format("rd_kafka_consume_batch_queue {:.0f}/s", bare), ours / bare, "-"});
}

BENCHMARK(commands)->ArgNames({"brokers", "in_flight"})->Args({1, 1})->Args({1, 64})->Args({1, 1000})->Unit(benchmark::kSecond)->Iterations(1);
BENCHMARK(replay)->Unit(benchmark::kSecond)->Iterations(1);
BENCHMARK(commands)->ArgNames({"brokers", "in_flight"})->Args({3, 64})->Args({3, 1000})->Unit(benchmark::kSecond)->Iterations(1);

} // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  running.reset();
}
