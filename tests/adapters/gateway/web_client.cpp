#include "tests/adapters/gateway/web_client.hpp"

#include <poll.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <algorithm>

namespace reverie::tests {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;
using boost::system::error_code;

namespace {
constexpr std::chrono::seconds patience{5};

/// Runs an io_context until one operation has ended.
void run_one_operation(asio::io_context& io, const bool& done) {
  io.restart();
  while (!done && io.run_one() > 0) {}
}
} // namespace

std::string web_client::raw(const std::string& bytes) {
  asio::io_context io;
  beast::tcp_stream stream(io);
  stream.connect(tcp::endpoint(asio::ip::make_address("127.0.0.1"), port_));
  error_code ignored;
  asio::write(stream.socket(), asio::buffer(bytes), ignored);
  std::string answer;
  std::array<char, 65536> part;
  for (;;) {
    bool done = false;
    error_code error;
    std::size_t count = 0;
    stream.expires_after(patience);
    stream.async_read_some(asio::buffer(part), [&](error_code e, std::size_t n) {
      error = e;
      count = n;
      done = true;
    });
    run_one_operation(io, done);
    answer.append(part.data(), count);
    if (error) return answer;
  }
}

web_answer web_client::ask(const std::string& method, const std::string& target, const std::string& body, const std::string& type,
                           std::map<std::string, std::string> headers) {
  asio::io_context io;
  beast::tcp_stream stream(io);
  stream.connect(tcp::endpoint(asio::ip::make_address("127.0.0.1"), port_));
  http::request<http::string_body> request;
  request.method_string(method);
  request.target(target);
  request.version(11);
  request.set(http::field::host, "127.0.0.1");
  request.keep_alive(false);
  if (!token.empty()) request.set(http::field::authorization, "Bearer " + token);
  if (!type.empty()) request.set(http::field::content_type, type);
  for (const auto& [name, value] : headers) request.set(name, value);
  request.body() = body;
  request.prepare_payload();
  error_code ignored;
  http::write(stream, request, ignored);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(64 * 1024 * 1024);
  if (method == "HEAD") parser.skip(true);
  bool done = false;
  web_answer answer;
  stream.expires_after(patience);
  http::async_read(stream, buffer, parser, [&](error_code error, std::size_t) {
    done = true;
    if (error) answer.body = error.message();
    else answer.status = static_cast<int>(parser.get().result_int());
  });
  run_one_operation(io, done);
  if (answer.status == 0) return answer;
  for (const auto& field : parser.get()) {
    std::string name(field.name_string());
    std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    answer.headers[name] = std::string(field.value());
  }
  answer.body = parser.get().body();
  return answer;
}

struct chat_client::state {
  asio::io_context io;
  websocket::stream<beast::tcp_stream> socket{io};
  error_code error;
};

chat_client::chat_client(std::uint16_t port, const std::string& bearer, const std::string& path, int receive_buffer)
    : state_(std::make_unique<state>()) {
  auto& socket = beast::get_lowest_layer(state_->socket).socket();
  socket.open(tcp::v4());
  if (receive_buffer > 0) socket.set_option(asio::socket_base::receive_buffer_size(receive_buffer));
  socket.connect(tcp::endpoint(asio::ip::make_address("127.0.0.1"), port));
  state_->socket.set_option(websocket::stream_base::decorator([&](websocket::request_type& request) {
    if (!bearer.empty()) request.set(http::field::authorization, "Bearer " + bearer);
  }));
  websocket::response_type response;
  state_->socket.handshake(response, "127.0.0.1", path, state_->error);
  if (state_->error) upgrade_status = static_cast<int>(response.result_int());
}

chat_client::~chat_client() { abandon(); }

void chat_client::abandon() {
  error_code ignored;
  beast::get_lowest_layer(state_->socket).socket().close(ignored);
}

bool chat_client::dropped_by_server() {
  // Frames that lie unread keep the socket readable: only the hang-up itself is waited for.
  pollfd watched{beast::get_lowest_layer(state_->socket).socket().native_handle(), POLLRDHUP, 0};
  return ::poll(&watched, 1, 10'000) == 1;
}

void chat_client::send_text(const std::string& text) {
  state_->socket.text(true);
  state_->socket.write(asio::buffer(text), state_->error);
}

void chat_client::send_binary(const std::string& bytes) {
  state_->socket.binary(true);
  state_->socket.write(asio::buffer(bytes), state_->error);
}

std::optional<nlohmann::json> chat_client::next() {
  beast::flat_buffer buffer;
  bool done = false;
  beast::get_lowest_layer(state_->socket).expires_after(patience);
  state_->socket.async_read(buffer, [&](error_code error, std::size_t) {
    state_->error = error;
    done = true;
  });
  run_one_operation(state_->io, done);
  if (state_->error) return std::nullopt;
  auto bytes = buffer.cdata();
  std::string_view text(static_cast<const char*>(bytes.data()), bytes.size());
  return nlohmann::json::parse(text);
}

std::optional<nlohmann::json> chat_client::next(const std::string& type) {
  while (auto frame = next()) {
    if ((*frame)["type"] == type) return frame;
  }
  return std::nullopt;
}

std::uint16_t chat_client::closed() {
  while (next()) {}
  return state_->error == websocket::error::closed ? state_->socket.reason().code : std::uint16_t{1006};
}

} // namespace reverie::tests
