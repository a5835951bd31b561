#pragma once

#include "gateway/bridge/latency_window.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace reverie::gateway {

/// Counters and latencies of the gateway, for `/metrics`. Thread-safe.
class gateway_metrics {
public:
  gateway_metrics();
  ~gateway_metrics();
  gateway_metrics(const gateway_metrics&) = delete;
  gateway_metrics& operator=(const gateway_metrics&) = delete;

  void request(std::string_view method, std::string_view route, int status, double milliseconds);
  void command(std::string_view name, std::string_view code, double milliseconds);
  void connection(int change);
  void websocket(int change);
  void websocket_closed(std::uint16_t code);
  void frames_in(std::size_t count);
  void frames_out(std::size_t count, std::size_t bytes);

  /// Prometheus' text format.
  std::string text() const;
  gateway_totals totals() const;

private:
  struct families;
  std::unique_ptr<families> families_;
  std::atomic<std::uint64_t> commands_{0}, requests_{0}, frames_{0};
  std::atomic<std::int64_t> connections_{0}, websockets_{0};
  latency_counter command_ms_, request_ms_;
};

} // namespace reverie::gateway
