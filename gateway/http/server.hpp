#pragma once

#include "gateway/bridge/ports.hpp"
#include "gateway/http/options.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

namespace reverie::gateway {

/// The gateway: one process, one port for HTTP and WebSocket. Start and stop are called from outside of its threads. Stop it before the
/// actor node, and destroy it after the node has given its last answer: late answers are posted to its threads.
class gateway_server {
public:
  gateway_server(gateway_options options, gateway_ports ports);
  /// Stops at once when `stop` was not called.
  ~gateway_server();
  gateway_server(const gateway_server&) = delete;
  gateway_server& operator=(const gateway_server&) = delete;

  /// Listens and serves; answers the port. `already_exists` when the port is taken, `malformed` for a certificate or address that
  /// can't be used.
  events::outcome<std::uint16_t> start();

  /// Takes no new connections, closes WebSockets with 1001, lets requests that are under way end, and gives up after `deadline`.
  void stop(std::chrono::milliseconds deadline);

  /// Open connections now.
  std::size_t connections() const;

private:
  class implementation;
  std::unique_ptr<implementation> implementation_;
};

} // namespace reverie::gateway
