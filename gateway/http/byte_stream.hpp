#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>

#include <memory>
#include <string>
#include <vector>

namespace boost::asio::ssl {
class context;
}

namespace reverie::gateway {

namespace asio = boost::asio;
using io_handler = asio::any_completion_handler<void(boost::system::error_code, std::size_t)>;
using end_handler = asio::any_completion_handler<void(boost::system::error_code)>;

/// A connected socket, plain or TLS, on its own io thread. Writes are whole and come one after the other in the order of the calls, so
/// that ready-made WebSocket frames can go out beside those that Beast writes.
class byte_stream_core {
public:
  virtual ~byte_stream_core() = default;
  virtual asio::any_io_executor executor() = 0;
  /// TLS handshake; nothing to do for plain sockets.
  virtual void handshake(end_handler done) = 0;
  virtual void read_some(asio::mutable_buffer into, io_handler done) = 0;
  virtual void write(std::vector<asio::const_buffer> buffers, io_handler done) = 0;
  /// Ends the sending side and reads what still comes, so that the last frame arrives.
  virtual void shut_down(end_handler done) = 0;
  /// At once; running reads and writes fail.
  virtual void close() = 0;
  /// Of the other end, without the port; empty when the connection has ended.
  virtual std::string remote_address() = 0;
};

std::shared_ptr<byte_stream_core> plain_stream(asio::ip::tcp::socket socket);
std::shared_ptr<byte_stream_core> tls_stream(asio::ip::tcp::socket socket, asio::ssl::context& context);

/// The face of a core that Beast works with (an AsyncStream): one type for plain and TLS, so that Beast is compiled once.
class byte_stream {
public:
  using executor_type = asio::any_io_executor;

  explicit byte_stream(std::shared_ptr<byte_stream_core> core) : core_(std::move(core)) {}
  executor_type get_executor() { return core_->executor(); }
  byte_stream_core& core() { return *core_; }
  const std::shared_ptr<byte_stream_core>& shared_core() const { return core_; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    asio::mutable_buffer first;
    for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers); ++it) {
      first = asio::mutable_buffer(*it);
      if (first.size() > 0) break;
    }
    return asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [core = core_](auto handler, asio::mutable_buffer into) { core->read_some(into, io_handler(std::move(handler))); }, token, first);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    std::vector<asio::const_buffer> all;
    for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers); ++it) all.emplace_back(*it);
    return asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [core = core_](auto handler, std::vector<asio::const_buffer> whole) {
          core->write(std::move(whole), io_handler(std::move(handler)));
        },
        token, std::move(all));
  }

  template <class Token>
  auto async_handshake(Token&& token) {
    return asio::async_initiate<Token, void(boost::system::error_code)>(
        [core = core_](auto handler) { core->handshake(end_handler(std::move(handler))); }, token);
  }

  template <class Token>
  auto async_shut_down(Token&& token) {
    return asio::async_initiate<Token, void(boost::system::error_code)>(
        [core = core_](auto handler) { core->shut_down(end_handler(std::move(handler))); }, token);
  }

private:
  std::shared_ptr<byte_stream_core> core_;
};

/// What Beast calls to end a connection.
template <class Handler>
void async_teardown(boost::beast::role_type, byte_stream& stream, Handler&& handler) {
  stream.core().shut_down(end_handler(std::forward<Handler>(handler)));
}
inline void beast_close_socket(byte_stream& stream) { stream.core().close(); }

} // namespace reverie::gateway
