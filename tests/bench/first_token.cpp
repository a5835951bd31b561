#include "tests/bench/support/chat_setup.hpp"
#include "tests/bench/support/server_process.hpp"
#include "tests/bench/support/summary.hpp"
#include "tests/bench/support/upstream_model.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>

/// From message.send to the first reply.delta, less the time the upstream model itself took to its first piece.
namespace {

using namespace reverie;
using clock_type = bench::upstream_model::clock;

constexpr std::chrono::microseconds upstream_takes{5'000};
constexpr std::size_t warm_up = 20, messages = 300;

double milliseconds(clock_type::duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

std::string wait_for(bench::loopback_socket& socket, std::string_view type) {
  for (;;)
    if (auto frame = socket.read_frame(); frame.contains(type)) return frame;
    else if (frame.contains("\"error\"") || frame.contains("\"reply.failed\"")) throw std::runtime_error(frame);
}

void first_token(benchmark::State& state) {
  bench::upstream_model upstream(upstream_takes);
  bench::server_process server({"--model-url", upstream.url(), "--model-name", "quick", "--samples", REVERIE_SOURCE_DIR "/ops/samples", "--messages-per-minute", "1000000"});
  const auto token = bench::sign_up(server.port(), 1);
  const auto conversation = bench::open_conversation(server.port(), token, bench::character_ids(server.port(), token).front());
  bench::loopback_socket socket(server.port());
  socket.upgrade(token);
  std::vector<double> over, alone;
  double cpu_before = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < warm_up + messages; ++i) {
      if (i == warm_up) cpu_before = server.cpu_us();
      const auto text = nlohmann::json{{"type", "message.send"}, {"content", "How was the river, number " + std::to_string(i) + "?"},
                                       {"metadata", {{"conversation_id", conversation}}}};
      (void)upstream.take_served();
      const auto sent = clock_type::now();
      socket.send(bench::client_frame(text.dump()));
      wait_for(socket, "\"reply.delta\"");
      const auto seen = clock_type::now() - sent;
      wait_for(socket, "\"reply.completed\"");
      const auto served = upstream.take_served();
      if (i < warm_up || served.size() != 1) continue;
      const auto own = served.front().first_piece - served.front().asked;
      alone.push_back(milliseconds(own));
      over.push_back(milliseconds(seen - own));
    }
  }
  std::ranges::sort(over);
  std::ranges::sort(alone);
  const auto p50 = over[over.size() / 2], p99 = over[over.size() * 99 / 100];
  state.counters["p50_ms"] = p50;
  state.counters["p99_ms"] = p99;
  state.counters["upstream_p50_ms"] = alone[alone.size() / 2];
  state.counters["server_cpu_us"] = (server.cpu_us() - cpu_before) / static_cast<double>(messages);
  bench::report({"first token over the upstream's own", std::format("p50 {:.2f} ms, p99 {:.2f} ms", p50, p99),
                 std::format("upstream alone {:.2f} ms", alone[alone.size() / 2]), 0, "p99 < 5 ms"});
}

BENCHMARK(first_token)->Unit(benchmark::kSecond)->Iterations(1);

} // namespace

BENCHMARK_MAIN();
