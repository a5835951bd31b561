#include "gateway/http/byte_stream.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <list>
#include <type_traits>

namespace reverie::gateway {

namespace {

using tcp = asio::ip::tcp;
using tls = asio::ssl::stream<tcp::socket>;
using boost::system::error_code;

template <class Stream>
class stream_core final : public byte_stream_core, public std::enable_shared_from_this<stream_core<Stream>> {
public:
  template <class... Arguments>
  explicit stream_core(Arguments&&... arguments) : stream_(std::forward<Arguments>(arguments)...) {}

  asio::any_io_executor executor() override { return stream_.get_executor(); }

  void handshake(end_handler done) override {
    if constexpr (std::is_same_v<Stream, tls>) {
      stream_.async_handshake(tls::server, std::move(done));
    } else {
      asio::post(stream_.get_executor(), [done = std::move(done)]() mutable { std::move(done)(error_code{}); });
    }
  }

  void read_some(asio::mutable_buffer into, io_handler done) override { stream_.async_read_some(into, std::move(done)); }

  void write(std::vector<asio::const_buffer> buffers, io_handler done) override {
    waiting_.push_back({std::move(buffers), std::move(done)});
    if (waiting_.size() == 1) write_next();
  }

  void shut_down(end_handler done) override {
    if constexpr (std::is_same_v<Stream, tls>) {
      if (waiting_.empty()) { // says that nothing was cut off (RFC 8446, section 6.1)
        stream_.async_shutdown([self = this->shared_from_this(), done = std::move(done)](error_code) mutable { self->end_sending(std::move(done)); });
        return;
      }
    }
    end_sending(std::move(done));
  }

  void close() override {
    error_code ignored;
    socket().close(ignored);
  }

  std::string remote_address() override {
    error_code error;
    auto end = socket().remote_endpoint(error);
    return error ? std::string() : end.address().to_string();
  }

private:
  struct pending {
    std::vector<asio::const_buffer> buffers;
    io_handler done;
  };

  tcp::socket& socket() {
    if constexpr (std::is_same_v<Stream, tls>) return stream_.next_layer();
    else return stream_;
  }

  void end_sending(end_handler done) {
    error_code ignored;
    socket().shutdown(tcp::socket::shutdown_send, ignored);
    drain(std::make_shared<std::array<char, 512>>(), std::move(done));
  }

  void write_next() {
    asio::async_write(stream_, waiting_.front().buffers,
                      [self = this->shared_from_this()](error_code error, std::size_t bytes) {
                        auto done = std::move(self->waiting_.front().done);
                        self->waiting_.pop_front();
                        if (!self->waiting_.empty()) self->write_next();
                        std::move(done)(error, bytes);
                      });
  }

  void drain(std::shared_ptr<std::array<char, 512>> sink, end_handler done) {
    socket().async_read_some(asio::buffer(*sink), [self = this->shared_from_this(), sink, done = std::move(done)](
                                                      error_code error, std::size_t) mutable {
      if (!error) {
        self->drain(std::move(sink), std::move(done));
        return;
      }
      self->close();
      std::move(done)(error_code{});
    });
  }

  Stream stream_;
  std::list<pending> waiting_;
};

} // namespace

std::shared_ptr<byte_stream_core> plain_stream(tcp::socket socket) {
  return std::make_shared<stream_core<tcp::socket>>(std::move(socket));
}

std::shared_ptr<byte_stream_core> tls_stream(tcp::socket socket, asio::ssl::context& context) {
  return std::make_shared<stream_core<tls>>(std::move(socket), context);
}

} // namespace reverie::gateway
