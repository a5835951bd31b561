#include "tests/bench/support/bare_sends.hpp"
#include "tests/bench/support/chat_setup.hpp"
#include "tests/bench/support/server_process.hpp"
#include "tests/bench/support/summary.hpp"
#include "tests/bench/support/upstream_model.hpp"

#include <benchmark/benchmark.h>
#include <sys/epoll.h>

#include <array>

/// Memory of idle WebSockets, and CPU of a delivery to each of a person's devices.
namespace {

using namespace reverie;

constexpr std::size_t idle = 10'000, people = 10, devices = 1'000, messages = 25, frame_bytes = 400;

void idle_websockets(benchmark::State& state) {
  bench::raise_open_files();
  for (auto _ : state) {
    bench::server_process server({"--no-model", "--connections-per-user", "20000"});
    std::vector<std::string> tokens;
    for (std::size_t i = 0; i < people; ++i) tokens.push_back(bench::sign_up(server.port(), i));
    std::vector<bench::loopback_socket> sockets;
    auto connect = [&](std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) sockets.emplace_back(server.port()).upgrade(tokens[i % people]);
    };
    connect(100); // what grows once is not a connection's
    const auto before = server.resident();
    const auto cpu_before = server.cpu_us();
    connect(idle);
    const auto each = static_cast<double>(server.resident() - before) / idle;
    const auto cpu = (server.cpu_us() - cpu_before) / idle;
    state.counters["KiB_each"] = each / 1024;
    state.counters["cpu_us_to_connect"] = cpu;
    bench::report({"idle WebSockets, 10000", std::format("{:.1f} KiB each, {:.0f} us server CPU to connect", each / 1024, cpu), "-", 0, "12 KiB"});
  }
}

/// Reads all devices until each got one more frame of that type.
void wait_for_all(int poll, std::vector<bench::loopback_socket>& sockets, std::string_view type, std::size_t& frames) {
  std::size_t got = 0;
  std::array<epoll_event, 256> ready;
  while (got < sockets.size()) {
    const auto count = ::epoll_wait(poll, ready.data(), static_cast<int>(ready.size()), 20'000);
    if (count <= 0) throw std::runtime_error("frames are missing");
    for (int i = 0; i < count; ++i)
      frames += sockets[ready[static_cast<std::size_t>(i)].data.u64].take_frames([&](std::string_view payload) { got += payload.contains(type); });
  }
}

void fan_out(benchmark::State& state) {
  bench::raise_open_files();
  for (auto _ : state) {
    bench::upstream_model silence;
    bench::server_process server({"--model-url", silence.url(), "--model-name", "silent", "--samples", REVERIE_SOURCE_DIR "/ops/samples", "--connections-per-user",
                                  "20000", "--messages-per-minute", "1000000"});
    const auto token = bench::sign_up(server.port(), 1);
    const auto conversation = bench::open_conversation(server.port(), token, bench::character_ids(server.port(), token).front());
    std::vector<bench::loopback_socket> sockets;
    const int poll = ::epoll_create1(EPOLL_CLOEXEC);
    for (std::size_t i = 0; i < devices; ++i) {
      sockets.emplace_back(server.port()).upgrade(token);
      sockets.back().send(bench::client_frame(nlohmann::json{{"type", "subscribe"}, {"content", ""}, {"metadata", {{"conversation_id", conversation}}}}.dump()));
      while (!sockets.back().read_frame().contains("\"subscribed\"")) {}
      epoll_event wanted{.events = EPOLLIN, .data = {.u64 = i}};
      ::epoll_ctl(poll, EPOLL_CTL_ADD, sockets.back().handle(), &wanted);
    }
    std::size_t frames = 0;
    auto send = [&](std::size_t number) {
      bench::ask(server.port(), "POST", "/api/v1/conversations/" + conversation + "/messages", token, {{"content", "Number " + std::to_string(number)}});
    };
    send(0); // starts the reply that stays under way
    wait_for_all(poll, sockets, "\"reply.started\"", frames);
    frames = 0;
    const auto cpu_before = server.cpu_us();
    const auto before = std::chrono::steady_clock::now();
    for (std::size_t i = 1; i <= messages; ++i) {
      send(i);
      wait_for_all(poll, sockets, "\"message\"", frames);
    }
    const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
    const auto cpu = (server.cpu_us() - cpu_before) / static_cast<double>(frames);
    ::close(poll);
    const auto bare = bench::bare_send_cpu_us(devices, messages, frame_bytes);
    state.counters["server_cpu_us"] = cpu;
    state.counters["bare_send_cpu_us"] = bare;
    state.counters["ratio"] = bare / cpu;
    state.counters["deliveries"] = static_cast<double>(frames);
    state.counters["per_s"] = static_cast<double>(frames) / took;
    bench::report({"fan-out to 1000 devices", std::format("{:.1f} us server CPU a delivery, {:.0f}/s", cpu, static_cast<double>(frames) / took),
                   std::format("bare send {:.1f} us", bare), bare / cpu, "3 us"});
  }
}

BENCHMARK(idle_websockets)->Unit(benchmark::kSecond)->Iterations(1);
BENCHMARK(fan_out)->Unit(benchmark::kSecond)->Iterations(1);

} // namespace

BENCHMARK_MAIN();
