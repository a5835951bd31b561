#include "tests/bench/support/bare_commits.hpp"
#include "tests/bench/support/chat_setup.hpp"
#include "tests/bench/support/server_process.hpp"
#include "tests/bench/support/summary.hpp"
#include "tests/bench/support/upstream_model.hpp"

#include <benchmark/benchmark.h>

/// Acknowledged commands over HTTP keep-alive: messages sent to the real server, against bare RocksDB synced group commits of records of
/// that size with as many writers. The upstream model stays silent, so each conversation has one reply under way and every further message
/// is one command and one record, until 32 wait.
namespace {

using namespace reverie;

constexpr std::size_t people = 64, messages_each = 30;

struct chatting {
  bench::upstream_model silence;
  bench::server_process server{{"--model-url", silence.url(), "--model-name", "silent", "--samples", REVERIE_SOURCE_DIR "/ops/samples", "--messages-per-minute",
                                "1000000"}};
  struct place {
    std::string token, target;
  };
  std::vector<place> places; ///< conversations, one message in each
  std::size_t sent = 0;

  chatting() {
    std::vector<std::string> characters;
    for (std::size_t i = 0; i < people; ++i) {
      const auto token = bench::sign_up(server.port(), i);
      if (characters.empty()) characters = bench::character_ids(server.port(), token);
      for (const auto& each : characters)
        places.push_back({token, "/api/v1/conversations/" + bench::open_conversation(server.port(), token, each) + "/messages"});
    }
    bench::closed_loop(server.port(), 16, places.size(), [this](std::size_t) { return message(); });
  }
  std::string message() {
    const auto number = sent++;
    const auto& where = places[number % places.size()];
    const auto body = std::format(R"({{"content":"I walked along the river this morning, number {0}.","client_message_id":"00000000-0000-4000-8000-{0:012}"}})", number);
    return bench::request_text("POST", where.target, where.token, body);
  }
  std::size_t left() const { return places.size() * messages_each - sent; }
};

chatting& world() {
  static chatting made;
  return made;
}

/// As many bytes as such a message's record has: headers, and a value with a sealed text.
std::string record_bytes() { return std::string(640, 'x'); }

void commands_over_http(benchmark::State& state) {
  const auto clients = static_cast<std::size_t>(state.range(0));
  auto& chats = world();
  const auto commands = std::min<std::size_t>(chats.left(), clients == 1 ? 300 : 3'000);
  double seconds = 0, cpu = 0, bare = 0;
  for (auto _ : state) {
    const auto cpu_before = chats.server.cpu_us();
    seconds = bench::closed_loop(chats.server.port(), clients, commands, [&](std::size_t) { return chats.message(); });
    cpu = chats.server.cpu_us() - cpu_before;
    state.SetIterationTime(seconds);
    bare = bench::bare_commits_per_second(record_bytes(), clients, clients == 1 ? 500 : 5'000);
  }
  const auto done = static_cast<double>(commands);
  state.counters["per_s"] = done / seconds;
  state.counters["bare_per_s"] = bare;
  state.counters["ratio"] = done / seconds / bare;
  state.counters["server_cpu_us"] = cpu / done;
  bench::report({std::format("commands over HTTP, {} clients", clients), std::format("{:.0f}/s, {:.0f} us server CPU", done / seconds, cpu / done),
                 std::format("bare synced commits {:.0f}/s", bare), done / seconds / bare, clients == 64 ? "0.6; 80 us" : "80 us"});
}

BENCHMARK(commands_over_http)->ArgName("clients")->Arg(1)->Arg(64)->Arg(256)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(1);

} // namespace

BENCHMARK_MAIN();
