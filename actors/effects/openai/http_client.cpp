#include "actors/effects/openai/http_client.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <charconv>
#include <thread>

namespace reverie::actors {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using events::failure_code;
using tcp = asio::ip::tcp;

namespace {

constexpr auto tls_handshake_timeout = std::chrono::seconds(10);
constexpr std::size_t response_header_bytes = 64 * 1024;

std::chrono::milliseconds retry_after_of(const http::fields& fields) {
  auto number = [&](std::string_view name) {
    long value = 0;
    auto text = fields[name];
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value > 0 ? value : 0;
  };
  if (auto ms = number("retry-after-ms")) return std::chrono::milliseconds(ms);
  return std::chrono::seconds(number("retry-after"));
}

events::failure failure_of(const boost::system::error_code& error, std::string_view doing) {
  std::string message = std::string(doing) + ": " + error.message();
  if (error == beast::error::timeout) return {failure_code::timed_out, std::move(message), std::nullopt};
  if (error == asio::error::operation_aborted) return {failure_code::cancelled, "cancelled", std::nullopt};
  return {failure_code::unavailable, std::move(message), std::nullopt};
}

/// Throws boost::system::system_error as the awaited operations do; the caller turns it into a failure.
template <class Stream>
asio::awaitable<void> exchange(Stream& stream, beast::tcp_stream& lowest, const http_post& post, const http_listener& listener) {
  http::request<http::string_body> request(post.is_get ? http::verb::get : http::verb::post, post.endpoint.base_path + post.path, 11);
  request.set(http::field::host, post.endpoint.host + ":" + std::to_string(post.endpoint.port));
  if (!post.is_get) request.set(http::field::content_type, "application/json");
  request.set(http::field::accept, post.accept);
  request.set(http::field::user_agent, "reverie");
  request.set(http::field::connection, "close");
  if (!post.endpoint.api_key.empty()) request.set(http::field::authorization, "Bearer " + post.endpoint.api_key);
  if (!post.is_get) request.body() = post.body;
  request.prepare_payload();
  lowest.expires_after(post.endpoint.first_token_timeout_ms);
  co_await http::async_write(stream, request, asio::use_awaitable);

  beast::flat_buffer buffer;
  http::response_parser<http::buffer_body> parser;
  parser.header_limit(response_header_bytes);
  parser.body_limit(boost::none);
  co_await http::async_read_header(stream, buffer, parser, asio::use_awaitable);
  listener.head({static_cast<int>(parser.get().result_int()), std::string(parser.get()[http::field::content_type]),
                 retry_after_of(parser.get())});

  std::array<char, 8192> piece;
  while (!parser.is_done()) {
    parser.get().body().data = piece.data();
    parser.get().body().size = piece.size();
    boost::system::error_code error;
    co_await http::async_read_some(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
    if (error && error != http::error::need_buffer) throw boost::system::system_error(error);
    lowest.expires_after(post.endpoint.idle_timeout_ms);
    std::size_t filled = piece.size() - parser.get().body().size;
    if (filled > 0 && !listener.data({piece.data(), filled})) throw boost::system::system_error(asio::error::operation_aborted);
  }
}

asio::awaitable<void> connect_and_exchange(asio::io_context& io, asio::ssl::context& tls, const http_post& post,
                                           const http_listener& listener) {
  tcp::resolver resolver(io);
  auto addresses = co_await resolver.async_resolve(post.endpoint.host, std::to_string(post.endpoint.port), asio::use_awaitable);
  if (post.endpoint.scheme != "https") {
    beast::tcp_stream stream(io);
    stream.expires_after(post.endpoint.connect_timeout_ms);
    co_await stream.async_connect(addresses, asio::use_awaitable);
    stream.socket().set_option(tcp::no_delay(true));
    co_await exchange(stream, stream, post, listener);
    co_return;
  }
  asio::ssl::stream<beast::tcp_stream> stream(io, tls);
  stream.set_verify_mode(asio::ssl::verify_peer);
  stream.set_verify_callback(asio::ssl::host_name_verification(post.endpoint.host));
  // What the macro SSL_set_tlsext_host_name does, without its old-style cast.
  SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
           const_cast<char*>(post.endpoint.host.c_str()));
  stream.next_layer().expires_after(post.endpoint.connect_timeout_ms);
  co_await stream.next_layer().async_connect(addresses, asio::use_awaitable);
  stream.next_layer().expires_after(tls_handshake_timeout);
  co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
  co_await exchange(stream, stream.next_layer(), post, listener);
}

/// Cancels through the executor, as signals may only be emitted where the exchange runs.
class running_call final : public http_call, public std::enable_shared_from_this<running_call> {
public:
  explicit running_call(asio::io_context& io) : io_(io) {}
  void cancel() override {
    asio::post(io_, [self = shared_from_this()] { self->signal_.emit(asio::cancellation_type::terminal); });
  }
  asio::cancellation_slot slot() { return signal_.slot(); }

private:
  asio::io_context& io_;
  asio::cancellation_signal signal_;
};

} // namespace

class http_client::implementation {
public:
  implementation() : tls_(asio::ssl::context::tls_client), work_(asio::make_work_guard(io_)) {
    tls_.set_default_verify_paths();
    thread_ = std::thread([this] { io_.run(); });
  }

  ~implementation() {
    asio::post(io_, [this] {
      for (auto& each : calls_)
        if (auto call = each.lock()) call->cancel();
    });
    work_.reset();
    thread_.join();
  }

  std::shared_ptr<http_call> post(http_post request, http_listener listener) {
    auto call = std::make_shared<running_call>(io_);
    asio::post(io_, [this, call, request = std::move(request), listener = std::move(listener)]() mutable {
      std::erase_if(calls_, [](const auto& each) { return each.expired(); });
      calls_.push_back(call);
      asio::co_spawn(io_, run(std::move(request), std::move(listener), call), asio::bind_cancellation_slot(call->slot(), [](std::exception_ptr) {
                       // run() lets nothing out
                     }));
    });
    return call;
  }

private:
  asio::awaitable<void> run(http_post request, http_listener listener, std::shared_ptr<running_call> alive) {
    events::outcome<void> result;
    try {
      co_await connect_and_exchange(io_, tls_, request, listener);
    } catch (const boost::system::system_error& error) {
      result = std::unexpected(failure_of(error.code(), "talking to " + request.endpoint.host + ":" + std::to_string(request.endpoint.port)));
    }
    listener.end(std::move(result));
    alive.reset();
  }

  asio::io_context io_;
  asio::ssl::context tls_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::vector<std::weak_ptr<running_call>> calls_;
  std::thread thread_;
};

http_client::http_client() : implementation_(std::make_unique<implementation>()) {}
http_client::~http_client() = default;

std::shared_ptr<http_call> http_client::post(http_post request, http_listener listener) {
  return implementation_->post(std::move(request), std::move(listener));
}

} // namespace reverie::actors
