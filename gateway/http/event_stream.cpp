#include "gateway/http/event_stream.hpp"

#include "gateway/http/byte_stream.hpp"
#include "gateway/wire/json_object.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>

namespace reverie::gateway {

using boost::system::error_code;

namespace {

/// A chat connection whose frames go out as events; what the client would say over a WebSocket is said for it once, at the start.
class event_stream final : public chat_transport, public serving_session, public std::enable_shared_from_this<event_stream> {
public:
  event_stream(serving& shared, std::shared_ptr<byte_stream_core> core, std::size_t lane, std::unique_ptr<counted_connection> counted)
      : shared_(shared), core_(std::move(core)), lane_(lane), counted_(std::move(counted)), heartbeat_(core_->executor()) {
    shared_.sessions[lane_].insert(this);
  }
  ~event_stream() override { shared_.sessions[lane_].erase(this); }

  task<void> run(principal who, std::string subscribe, std::string request_id);

  void send(const live_feed::frames& frames) override;
  void close(close_code code, std::string_view reason) override;
  bool is_open() const override { return !closing_; }
  task<void> drained() override;
  void end_soon() override { close(close_code::going_away, ""); }
  void end_now() override { core_->close(); }

private:
  void write(std::string text);
  void flush();
  void beat();
  void wake_waiters();

  serving& shared_;
  std::shared_ptr<byte_stream_core> core_;
  std::size_t lane_;
  std::unique_ptr<counted_connection> counted_;
  asio::steady_timer heartbeat_;
  std::shared_ptr<chat_connection> connection_;
  std::string queue_, under_way_;
  bool writing_ = false, closing_ = false;
  std::vector<std::function<void(bool)>> waiters_;
};

void event_stream::write(std::string text) {
  queue_ += text;
  if (!writing_) flush();
}

void event_stream::flush() {
  under_way_.swap(queue_);
  queue_.clear();
  writing_ = true;
  core_->write({asio::buffer(under_way_)}, [self = shared_from_this()](error_code error, std::size_t) {
    self->writing_ = false;
    if (!error && !self->queue_.empty()) {
      self->flush();
    } else if (error || self->closing_) {
      self->core_->close();
    }
    if (!self->writing_) self->wake_waiters();
  });
}

void event_stream::send(const live_feed::frames& frames) {
  if (closing_) return;
  bool over = false;
  std::string text;
  for (const auto& frame : frames) {
    auto json = std::string_view(*frame.bytes).substr(frame.payload_at);
    over = over || json.starts_with(R"({"type":"conversation.closed")");
    text.append("data: ").append(json).append("\n\n");
  }
  if (writing_ && queue_.size() + text.size() > shared_.options.send_queue_bytes) {
    close(close_code::too_slow, "");
    return;
  }
  write(std::move(text));
  if (over) close(close_code::normal, "");
}

void event_stream::close(close_code code, std::string_view) {
  if (closing_) return;
  closing_ = true;
  heartbeat_.cancel();
  if (code == close_code::too_slow) {
    core_->close(); // the client comes back with the last position it saw
  } else {
    write("data: [DONE]\n\n");
  }
}

void event_stream::wake_waiters() {
  auto waiters = std::move(waiters_);
  waiters_ = {};
  for (auto& waiter : waiters) waiter(true);
}

task<void> event_stream::drained() {
  if (closing_ || !writing_ || queue_.size() <= shared_.options.send_queue_bytes / 4) co_return;
  co_await await_callback<bool>([this](std::function<void(bool)> done) { waiters_.push_back(std::move(done)); });
}

void event_stream::beat() {
  heartbeat_.expires_after(shared_.options.heartbeat);
  heartbeat_.async_wait([weak = weak_from_this()](error_code cancelled) {
    auto self = weak.lock();
    if (cancelled || !self || self->closing_) return;
    self->write(": still here\n\n");
    self->beat();
  });
}

task<void> event_stream::run(principal who, std::string subscribe, std::string request_id) {
  auto self = shared_from_this();
  write("HTTP/1.1 200 OK\r\nServer: reverie\r\nX-Content-Type-Options: nosniff\r\nX-Request-Id: " + request_id +
        "\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n");
  connection_ = std::make_shared<chat_connection>(shared_.chat, *this, core_->executor(), lane_);
  beat();
  if (shared_.stopping) end_soon();
  else co_await connection_->start(std::move(who));
  if (connection_->signed_in()) co_await connection_->on_frame(subscribe);
  byte_stream stream(core_);
  std::array<char, 256> ignored;
  error_code error;
  while (!error) co_await stream.async_read_some(asio::buffer(ignored), asio::redirect_error(asio::use_awaitable, error));
  connection_->stop();
  closing_ = true;
  heartbeat_.cancel();
  wake_waiters();
  core_->close();
}

} // namespace

void serve_event_stream(serving& shared, std::shared_ptr<byte_stream_core> stream, std::size_t lane, principal who,
                        events::session_id conversation, std::optional<events::entity_position> after, std::string request_id,
                        std::unique_ptr<counted_connection> counted) {
  std::string subscribe = R"({"type":"subscribe","metadata":)";
  {
    json_object metadata(subscribe);
    metadata.id("conversation_id", conversation);
    if (after) metadata.position("after", *after);
  }
  subscribe += "}";
  auto executor = stream->executor();
  auto session = std::make_shared<event_stream>(shared, std::move(stream), lane, std::move(counted));
  asio::co_spawn(executor, session->run(std::move(who), std::move(subscribe), std::move(request_id)), asio::detached);
}

} // namespace reverie::gateway
