#include "gateway/http/operator_stream.hpp"

#include "gateway/bridge/operator_limits.hpp"
#include "gateway/http/byte_stream.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>

namespace reverie::gateway {

using boost::system::error_code;
using std::chrono::steady_clock;

namespace {

class operator_stream final : public serving_session, public std::enable_shared_from_this<operator_stream> {
public:
  operator_stream(serving& shared, std::shared_ptr<byte_stream_core> core, std::size_t lane, events::timestamp ends_at,
                  std::unique_ptr<counted_connection> counted, std::shared_ptr<void> place)
      : shared_(shared), core_(std::move(core)), lane_(lane), ends_at_(ends_at), counted_(std::move(counted)), place_(std::move(place)), stream_(core_),
        pause_(core_->executor()), deadline_(core_->executor()) {
    shared_.sessions[lane_].insert(this);
  }
  ~operator_stream() override { shared_.sessions[lane_].erase(this); }

  task<void> run(event_source source, std::chrono::milliseconds every, std::string request_id);
  task<void> watch();
  void end_soon() override {
    ending_ = true;
    pause_.cancel();
  }
  void end_now() override {
    ending_ = true;
    core_->close();
  }

private:
  task<bool> write(std::string text);
  bool over() const { return ending_ || shared_.stopping || shared_.ports.now() >= ends_at_; }

  serving& shared_;
  std::shared_ptr<byte_stream_core> core_;
  std::size_t lane_;
  events::timestamp ends_at_;
  std::unique_ptr<counted_connection> counted_;
  std::shared_ptr<void> place_;
  byte_stream stream_;
  asio::steady_timer pause_, deadline_;
  bool ending_ = false;
};

task<bool> operator_stream::write(std::string text) {
  deadline_.expires_after(shared_.options.write_within);
  deadline_.async_wait([weak = weak_from_this()](error_code cancelled) {
    if (auto self = weak.lock(); self && !cancelled) self->end_now();
  });
  error_code error;
  co_await stream_.async_write_some(asio::buffer(text), asio::redirect_error(asio::use_awaitable, error));
  deadline_.cancel();
  co_return !error;
}

/// A reader that goes is noticed between two parts too.
task<void> operator_stream::watch() {
  auto self = shared_from_this();
  std::array<char, 256> ignored;
  error_code error;
  while (!error) co_await stream_.async_read_some(asio::buffer(ignored), asio::redirect_error(asio::use_awaitable, error));
  ending_ = true;
  pause_.cancel();
}

task<void> operator_stream::run(event_source source, std::chrono::milliseconds every, std::string request_id) {
  auto self = shared_from_this();
  bool there = co_await write("HTTP/1.1 200 OK\r\nServer: reverie\r\nX-Content-Type-Options: nosniff\r\nX-Request-Id: " + request_id +
                              "\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n: open\n\n");
  auto spoke = steady_clock::now();
  while (there && !over()) {
    auto part = co_await source();
    if (over()) break;
    const bool refused = !part && part.error().status < 500;
    if (refused) break;
    if (part && !part->empty()) {
      there = co_await write(std::move(*part));
      spoke = steady_clock::now();
    } else if (steady_clock::now() - spoke >= operator_limits::stream_heartbeat) {
      there = co_await write(": still here\n\n");
      spoke = steady_clock::now();
    }
    if (!there || ending_) break;
    error_code cancelled;
    pause_.expires_after(every);
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  if (there) there = co_await write("data: [DONE]\n\n");
  core_->close();
}

} // namespace

void serve_operator_stream(serving& shared, std::shared_ptr<byte_stream_core> stream, std::size_t lane, event_source source,
                           std::chrono::milliseconds every, events::timestamp ends_at, std::string request_id,
                           std::unique_ptr<counted_connection> counted, std::shared_ptr<void> place) {
  auto executor = stream->executor();
  auto session = std::make_shared<operator_stream>(shared, std::move(stream), lane, ends_at, std::move(counted), std::move(place));
  asio::co_spawn(executor, session->run(std::move(source), every, std::move(request_id)), asio::detached);
  asio::co_spawn(executor, session->watch(), asio::detached);
}

} // namespace reverie::gateway
