#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace reverie::bench {

/// A small OpenAI-compatible endpoint on loopback: streams one short reply a fixed time after each request, or says nothing at all, so
/// that replies stay under way. One thread serves all connections.
class upstream_model {
public:
  using clock = std::chrono::steady_clock;
  struct served {
    clock::time_point asked, first_piece; ///< request read whole; first piece written
  };

  /// Without a delay it never answers.
  explicit upstream_model(std::chrono::microseconds first_piece_after = {});
  ~upstream_model();
  upstream_model(const upstream_model&) = delete;
  upstream_model& operator=(const upstream_model&) = delete;

  std::string url() const;
  std::uint16_t port() const { return port_; }
  /// What was served since the last call.
  std::vector<served> take_served();

private:
  void run();
  void answer(int socket, clock::time_point asked);

  const std::chrono::microseconds first_piece_after_;
  int listener_, stop_[2];
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::vector<served> served_;
  std::thread thread_;
};

} // namespace reverie::bench
