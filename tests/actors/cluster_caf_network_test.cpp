#include "actors/runtime/cluster_caf_network.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>

namespace reverie::tests {

using namespace actors::runtime;

namespace {

std::string free_address() {
  const int held = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  void* place = &at;
  EXPECT_EQ(::bind(held, static_cast<sockaddr*>(place), size), 0);
  EXPECT_EQ(::getsockname(held, static_cast<sockaddr*>(place), &size), 0);
  ::close(held);
  return "127.0.0.1:" + std::to_string(ntohs(at.sin_port));
}

/// A node's end of the network, and what came to it.
struct node_end {
  node_end(std::string at, const std::string& secret = "a secret of some length") : address(std::move(at)) {
    network = make_caf_network({.self = address, .listen_on = {}, .secret = secret, .say = [this](severity, std::string_view line) {
                                  note([&] { lines.emplace_back(line); });
                                }}).value();
    EXPECT_TRUE(network->start({[this](std::string frame) { note([&] { frames.push_back(std::move(frame)); }); },
                                [this](const std::string& node) { note([&] { lost.push_back(node); }); }})
                    .has_value());
  }
  ~node_end() { network->stop(); }
  bool wait(const std::function<bool()>& until) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(20), until);
  }
  void note(const std::function<void()>& change) {
    std::lock_guard lock(mutex);
    change();
    changed.notify_all();
  }

  std::string address;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> frames, lost, lines;
  std::shared_ptr<peer_network> network;
};

} // namespace

TEST(caf_network, carries_frames_both_ways_in_order) {
  node_end one(free_address()), two(free_address());
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(one.network->send(two.address, "frame " + std::to_string(i)));
  EXPECT_TRUE(two.network->send(one.address, std::string(3'000'000, 'x')));
  EXPECT_TRUE(two.wait([&] { return two.frames.size() == 100; }));
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(two.frames[i], "frame " + std::to_string(i));
  EXPECT_TRUE(one.wait([&] { return one.frames.size() == 1; }));
  EXPECT_EQ(one.frames[0].size(), 3'000'000U);
}

TEST(caf_network, says_who_can_not_be_reached_and_reaches_who_comes_back) {
  node_end one(free_address());
  const auto address = free_address();
  one.network->send(address, "nobody is there");
  EXPECT_TRUE(one.wait([&] { return !one.lost.empty(); }));
  {
    node_end two(address);
    one.network->send(address, "first");
    EXPECT_TRUE(two.wait([&] { return two.frames.size() == 1; }));
    one.note([&] { one.lost.clear(); });
  }
  EXPECT_TRUE(one.wait([&] { return !one.lost.empty(); })) << "the connection ended";
  node_end again(address);
  one.network->send(address, "second");
  EXPECT_TRUE(again.wait([&] { return again.frames.size() == 1; }));
  EXPECT_EQ(again.frames[0], "second");
}

TEST(caf_network, does_not_wait_for_a_node_that_takes_the_connection_and_says_nothing) {
  const int frozen = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  void* place = &at;
  ASSERT_EQ(::bind(frozen, static_cast<sockaddr*>(place), size), 0);
  ASSERT_EQ(::listen(frozen, 8), 0);
  ASSERT_EQ(::getsockname(frozen, static_cast<sockaddr*>(place), &size), 0);
  auto began = std::chrono::steady_clock::now();
  {
    node_end one(free_address());
    one.network->send("127.0.0.1:" + std::to_string(ntohs(at.sin_port)), "are you there?");
    EXPECT_TRUE(one.wait([&] { return !one.lost.empty(); }));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(15)) << "its end does not wait either";
  ::close(frozen);
}

TEST(caf_network, does_not_hear_who_does_not_know_the_secret) {
  node_end one(free_address()), stranger(free_address(), "another secret of that length"), friendly(free_address());
  stranger.network->send(one.address, "let me in");
  EXPECT_TRUE(one.wait([&] { return one.lines.size() == 1; }));
  EXPECT_NE(one.lines[0].find("shared secret"), std::string::npos);
  friendly.network->send(one.address, "hello");
  EXPECT_TRUE(one.wait([&] { return one.frames.size() == 1; }));
  EXPECT_EQ(one.frames[0], "hello");
}

TEST(caf_network, refuses_a_short_secret_and_an_address_that_is_taken) {
  EXPECT_EQ(make_caf_network({.self = "127.0.0.1:9", .listen_on = {}, .secret = "short", .say = {}}).error().code, events::failure_code::malformed);
  node_end one(free_address());
  auto second = make_caf_network({.self = one.address, .listen_on = {}, .secret = "a secret of some length", .say = {}}).value();
  EXPECT_EQ(second->start({[](const std::string&) {}, [](const std::string&) {}}).error().code, events::failure_code::unavailable);
  second->stop();
}

} // namespace reverie::tests
