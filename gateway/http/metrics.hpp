#pragma once

#include <atomic>
#include <cstddef>
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

private:
  struct families;
  std::unique_ptr<families> families_;
};

} // namespace reverie::gateway
