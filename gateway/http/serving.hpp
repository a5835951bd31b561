#pragma once

#include "gateway/bridge/chat_connection.hpp"
#include "gateway/http/metrics.hpp"
#include "gateway/http/options.hpp"
#include "gateway/http/router.hpp"
#include "gateway/http/static_site.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <memory>
#include <unordered_set>
#include <vector>

namespace reverie::gateway {

class byte_stream_core;

/// A connection that can be asked to end; on its io thread.
class serving_session {
public:
  virtual ~serving_session() = default;
  /// Ends as soon as what is under way is answered.
  virtual void end_soon() = 0;
  virtual void end_now() = 0;
};

/// What all connections share. Outlives them.
struct serving {
  const gateway_options& options;
  gateway_ports& ports;
  const router& routes;
  const static_site& site;
  gateway_metrics& metrics;
  account_service& accounts;
  chat_context& chat;
  std::atomic<std::size_t> connections = 0;
  std::atomic<std::size_t> operator_streams = 0;
  std::atomic<bool> stopping = false;
  std::vector<std::unordered_set<serving_session*>> sessions; ///< by lane; touched on the lane's thread only
};

/// Serves HTTP on a connection until it ends, or is handed on to a WebSocket.
void serve_http(serving& shared, std::shared_ptr<byte_stream_core> stream, std::size_t lane);

/// Answers `overloaded` and closes: the server has as many connections as it may.
void turn_away(std::shared_ptr<byte_stream_core> stream);

/// Counts a connection from accept to end.
class counted_connection {
public:
  explicit counted_connection(serving& shared) : shared_(&shared) {
    shared_->connections.fetch_add(1);
    shared_->metrics.connection(1);
  }
  ~counted_connection() {
    shared_->connections.fetch_sub(1);
    shared_->metrics.connection(-1);
  }
  counted_connection(const counted_connection&) = delete;
  counted_connection& operator=(const counted_connection&) = delete;

private:
  serving* shared_;
};

} // namespace reverie::gateway
