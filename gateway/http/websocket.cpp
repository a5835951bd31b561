#include "gateway/http/websocket.hpp"

#include "gateway/http/byte_stream.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace reverie::gateway {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using boost::system::error_code;

namespace {

constexpr std::size_t kept_read_buffer_bytes = 4096;
constexpr std::size_t write_batch_frames = 256;

/// The socket of one chat connection. Beast reads, and writes what the protocol needs; chat frames are ready-made bytes that go beside it,
/// as many at once as wait while the socket is busy.
class websocket_session final : public chat_transport, public serving_session, public std::enable_shared_from_this<websocket_session> {
public:
  websocket_session(serving& shared, std::shared_ptr<byte_stream_core> core, std::size_t lane,
                    std::unique_ptr<counted_connection> counted)
      : shared_(shared), core_(std::move(core)), lane_(lane), counted_(std::move(counted)), socket_(byte_stream(core_)) {
    shared_.sessions[lane_].insert(this);
    shared_.metrics.websocket(1);
  }
  ~websocket_session() override {
    shared_.sessions[lane_].erase(this);
    shared_.metrics.websocket(-1);
  }

  task<void> run(http::request<http::string_body> upgrade, std::optional<principal> who, std::string request_id);

  void send(const live_feed::frames& frames) override;
  void close(close_code code, std::string_view reason) override;
  bool is_open() const override { return !closing_; }
  task<void> drained() override;

  void end_soon() override { close(close_code::going_away, "the server stops"); }
  void end_now() override { core_->close(); }

private:
  task<bool> accept(http::request<http::string_body> upgrade, std::string request_id);
  task<void> read_frames();
  void begin_sign_in_deadline();
  void flush();
  void written(error_code error);
  void wake_waiters();

  serving& shared_;
  std::shared_ptr<byte_stream_core> core_;
  std::size_t lane_;
  std::unique_ptr<counted_connection> counted_;
  websocket::stream<byte_stream, false> socket_;
  std::shared_ptr<chat_connection> connection_;
  std::unique_ptr<asio::steady_timer> deadline_;

  std::vector<std::shared_ptr<const std::string>> queue_, under_way_;
  std::size_t queued_bytes_ = 0, bytes_under_way_ = 0;
  bool writing_ = false;
  bool closing_ = false;
  std::uint16_t close_code_ = 1006;
  bool close_counted_ = false; ///< what the server ends is counted then, as a slow reader may take long to hear of it
  std::vector<std::function<void(bool)>> waiters_;
};

task<bool> websocket_session::accept(http::request<http::string_body> upgrade, std::string request_id) {
  websocket::stream_base::timeout timeouts{};
  timeouts.handshake_timeout = shared_.options.header_within;
  timeouts.idle_timeout = shared_.options.heartbeat * 2;
  timeouts.keep_alive_pings = true;
  socket_.set_option(timeouts);
  socket_.set_option(websocket::stream_base::decorator([&](websocket::response_type& response) {
    response.set("X-Request-Id", request_id);
    response.set(http::field::server, "reverie");
  }));
  socket_.read_message_max(events::limits::frame_bytes);
  error_code error;
  co_await socket_.async_accept(upgrade, asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

task<void> websocket_session::run(http::request<http::string_body> upgrade, std::optional<principal> who, std::string request_id) {
  auto self = shared_from_this();
  if (!co_await accept(std::move(upgrade), std::move(request_id))) {
    core_->close();
    co_return;
  }
  connection_ = std::make_shared<chat_connection>(shared_.chat, *this, core_->executor(), lane_);
  if (shared_.stopping) end_soon();
  else if (who) co_await connection_->start(std::move(*who));
  else begin_sign_in_deadline();
  co_await read_frames();
  connection_->stop();
  deadline_.reset();
  closing_ = true;
  wake_waiters();
  core_->close();
  if (!close_counted_) shared_.metrics.websocket_closed(close_code_);
}

void websocket_session::begin_sign_in_deadline() {
  deadline_ = std::make_unique<asio::steady_timer>(core_->executor(), shared_.options.authenticate_within);
  deadline_->async_wait([weak = weak_from_this()](error_code cancelled) {
    auto self = weak.lock();
    if (cancelled || !self || self->connection_->signed_in()) return;
    self->close(close_code::not_signed_in, "not signed in in time");
  });
}

task<void> websocket_session::read_frames() {
  beast::flat_buffer buffer;
  for (;;) {
    error_code error;
    co_await socket_.async_read(buffer, asio::redirect_error(asio::use_awaitable, error));
    if (error) {
      if (error == websocket::error::closed && close_code_ == 1006) close_code_ = socket_.reason().code;
      if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow) close_code_ = 1009;
      if (error == websocket::error::bad_frame_payload) close_code_ = 1007;
      co_return;
    }
    shared_.metrics.frames_in(1);
    if (closing_) {
      buffer.consume(buffer.size());
      continue;
    }
    if (!socket_.got_text()) {
      close(close_code::not_text, "frames are JSON text");
    } else {
      auto bytes = buffer.cdata();
      co_await connection_->on_frame({static_cast<const char*>(bytes.data()), bytes.size()});
    }
    if (deadline_ && connection_->signed_in()) deadline_.reset();
    buffer.consume(buffer.size());
    if (buffer.capacity() > kept_read_buffer_bytes) buffer.shrink_to_fit();
  }
}

void websocket_session::send(const live_feed::frames& frames) {
  if (closing_) return;
  for (const auto& frame : frames) {
    queue_.push_back(frame.bytes);
    queued_bytes_ += frame.bytes->size();
  }
  if (!writing_) {
    flush();
  } else if (queue_.size() + under_way_.size() > shared_.options.send_queue_frames ||
             queued_bytes_ + bytes_under_way_ > shared_.options.send_queue_bytes) {
    close(close_code::too_slow, "too slow: subscribe again from the last position");
  }
}

void websocket_session::flush() {
  auto count = std::min(queue_.size(), write_batch_frames);
  if (count == queue_.size()) {
    under_way_.swap(queue_);
  } else {
    auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
    under_way_.assign(queue_.begin(), end);
    queue_.erase(queue_.begin(), end);
  }
  std::vector<asio::const_buffer> buffers;
  buffers.reserve(count);
  bytes_under_way_ = 0;
  for (const auto& bytes : under_way_) {
    buffers.push_back(asio::buffer(*bytes));
    bytes_under_way_ += bytes->size();
  }
  queued_bytes_ -= bytes_under_way_;
  shared_.metrics.frames_out(count, bytes_under_way_);
  writing_ = true;
  core_->write(std::move(buffers),
               [self = shared_from_this()](error_code error, std::size_t) { self->written(error); });
}

void websocket_session::written(error_code error) {
  writing_ = false;
  under_way_.clear();
  bytes_under_way_ = 0;
  if (error) {
    closing_ = true;
    queue_.clear();
    queued_bytes_ = 0;
  }
  if (!queue_.empty()) {
    flush();
  } else {
    queue_.shrink_to_fit();
    under_way_.shrink_to_fit();
  }
  if (closing_ || queued_bytes_ <= shared_.options.send_queue_bytes / 4) wake_waiters();
}

void websocket_session::wake_waiters() {
  auto waiters = std::move(waiters_);
  waiters_ = {};
  for (auto& waiter : waiters) waiter(true);
}

task<void> websocket_session::drained() {
  bool low = queue_.size() <= shared_.options.send_queue_frames / 4 && queued_bytes_ <= shared_.options.send_queue_bytes / 4;
  if (closing_ || !writing_ || low) co_return;
  co_await await_callback<bool>([this](std::function<void(bool)> done) { waiters_.push_back(std::move(done)); });
}

void websocket_session::close(close_code code, std::string_view reason) {
  if (closing_) return;
  closing_ = true;
  close_code_ = static_cast<std::uint16_t>(code);
  close_counted_ = true;
  shared_.metrics.websocket_closed(close_code_);
  if (code == close_code::too_slow) {
    queue_.clear();
    queued_bytes_ = 0;
  }
  // What is queued goes out first: the close frame stands behind it in the core's order.
  if (!queue_.empty()) {
    auto last = std::make_shared<std::vector<std::shared_ptr<const std::string>>>(std::move(queue_));
    queue_ = {};
    queued_bytes_ = 0;
    std::vector<asio::const_buffer> buffers;
    for (const auto& bytes : *last) buffers.push_back(asio::buffer(*bytes));
    core_->write(std::move(buffers), [last](error_code, std::size_t) {});
  }
  websocket::close_reason why(static_cast<websocket::close_code>(code), beast::string_view(reason.data(), reason.size()));
  socket_.async_close(why, [self = shared_from_this()](error_code) {});
  wake_waiters();
}

} // namespace

void serve_websocket(serving& shared, std::shared_ptr<byte_stream_core> stream, std::size_t lane,
                     http::request<http::string_body> upgrade, std::optional<principal> who, std::string request_id,
                     std::unique_ptr<counted_connection> counted) {
  auto executor = stream->executor();
  auto session = std::make_shared<websocket_session>(shared, std::move(stream), lane, std::move(counted));
  asio::co_spawn(executor, session->run(std::move(upgrade), std::move(who), std::move(request_id)), asio::detached);
}

} // namespace reverie::gateway
