#pragma once

#include "actors/effects/openai/endpoint.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace reverie::actors {

/// A POST to an endpoint, or a GET without a body; `path` comes behind the endpoint's base path.
struct http_post {
  model_endpoint endpoint;
  std::string path;
  std::string accept = "application/json";
  std::string body;
  bool is_get = false;
};

/// What came back first.
struct http_head {
  int status = 0;
  std::string content_type;
  std::chrono::milliseconds retry_after{0}; ///< of `retry-after-ms` or `retry-after`; zero when absent
};

/// Called in order on the client's thread: head, then data any number of times, then end once. `data` answering false ends the exchange as
/// `cancelled`. Without a head, `end` tells why.
struct http_listener {
  std::function<void(const http_head&)> head;
  std::function<bool(std::string_view)> data;
  std::function<void(events::outcome<void>)> end;
};

/// A running exchange. Cancelling (from any thread) closes the connection, and `end` gets `cancelled`.
class http_call {
public:
  virtual ~http_call() = default;
  virtual void cancel() = 0;
};

/// HTTP/1.1 over TCP or TLS (certificate and host verified) for talking to models: one thread, one connection per exchange. Time-outs are
/// the endpoint's: connect, until the first byte of the body, between bytes. Thread-safe.
class http_client {
public:
  http_client();
  ~http_client(); ///< cancels what runs and joins the thread
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  std::shared_ptr<http_call> post(http_post request, http_listener listener);

private:
  class implementation;
  std::unique_ptr<implementation> implementation_;
};

} // namespace reverie::actors
