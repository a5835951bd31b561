#include "tests/adapters/gateway/served.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <cstdlib>
#include <filesystem>

namespace reverie::tests {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using boost::system::error_code;
using tls_stream = asio::ssl::stream<tcp::socket>;

/// The gateway behind a certificate of its own, spoken to by a client that trusts this one certificate and nothing else.
class over_tls : public served {
protected:
  over_tls() : folder(std::filesystem::temp_directory_path() / ("reverie-tls-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder);
    auto make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 "
                "-keyout " + (folder / "key.pem").string() + " -out " + (folder / "certificate.pem").string() + " 2> /dev/null";
    EXPECT_EQ(std::system(make.c_str()), 0) << make;
    options.tls_certificate = folder / "certificate.pem";
    options.tls_key = folder / "key.pem";
    trust.load_verify_file(options.tls_certificate.string());
    trust.set_verify_mode(asio::ssl::verify_peer);
  }
  ~over_tls() override { std::filesystem::remove_all(folder); }

  tcp::endpoint endpoint() const { return {asio::ip::make_address("127.0.0.1"), port}; }
  tls_stream connected(asio::ssl::context& with) {
    tls_stream stream(io, with);
    stream.next_layer().connect(endpoint());
    stream.set_verify_callback(asio::ssl::host_name_verification("127.0.0.1"));
    stream.handshake(asio::ssl::stream_base::client);
    return stream;
  }
  http::response<http::string_body> ask(tls_stream& stream, http::verb method, const std::string& target, const std::string& body = "") {
    http::request<http::string_body> request(method, target, 11, body);
    request.set(http::field::host, "127.0.0.1");
    request.set(http::field::content_type, "application/json");
    request.prepare_payload();
    http::write(stream, request);
    beast::flat_buffer buffer;
    http::response<http::string_body> answer;
    http::read(stream, buffer, answer);
    return answer;
  }

  std::filesystem::path folder;
  asio::io_context io;
  asio::ssl::context trust{asio::ssl::context::tls_client};
};

TEST_F(over_tls, answers_requests_one_behind_the_other_and_says_when_it_ends) {
  serve();
  auto stream = connected(trust);
  auto registered = ask(stream, http::verb::post, "/api/v1/auth/register",
                        R"({"email":"ada@example.org","password":"correct horse","name":")" + std::string(150, 'A') + "\"}");
  EXPECT_EQ(registered.result_int(), 201u) << registered.body();
  EXPECT_EQ(ask(stream, http::verb::get, "/healthz").result_int(), 200u);
  asio::write(stream, asio::buffer(std::string("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")));
  std::string rest(4096, '\0');
  error_code error;
  while (!error) stream.read_some(asio::buffer(rest), error);
  EXPECT_EQ(error, asio::error::eof) << "not cut off: " << error.message();
}

TEST_F(over_tls, carries_the_chat) {
  serve();
  auto plain = connected(trust);
  auto registered = nlohmann::json::parse(
      ask(plain, http::verb::post, "/api/v1/auth/register", R"({"email":"ada@example.org","password":"correct horse","name":"Ada"})").body());
  beast::websocket::stream<tls_stream> socket(connected(trust));
  socket.handshake("127.0.0.1", "/api/v1/chat/ws");
  socket.write(asio::buffer(frame("authenticate", registered["access_token"].get<std::string>()).dump()));
  auto next = [&] {
    beast::flat_buffer buffer;
    socket.read(buffer);
    return nlohmann::json::parse(beast::buffers_to_string(buffer.data()));
  };
  EXPECT_EQ(next()["type"], "ready");
  socket.write(asio::buffer(frame("ping").dump()));
  EXPECT_EQ(next()["type"], "pong");
  std::jthread stopper([&] { server->stop(std::chrono::milliseconds{2000}); });
  beast::flat_buffer buffer;
  error_code error;
  socket.read(buffer, error);
  EXPECT_EQ(error, beast::websocket::error::closed);
  EXPECT_EQ(socket.reason().code, 1001);
}

TEST_F(over_tls, is_the_only_way_in) {
  options.header_within = std::chrono::milliseconds{500};
  serve();
  auto answer = web_client(port).raw("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_FALSE(answer.starts_with("HTTP/")) << answer;
  asio::ssl::context old(asio::ssl::context::tls_client);
  SSL_CTX_set_max_proto_version(old.native_handle(), TLS1_1_VERSION);
  EXPECT_THROW(connected(old), boost::system::system_error) << "TLS 1.1 is too old";
  asio::ssl::context strange(asio::ssl::context::tls_client);
  strange.set_verify_mode(asio::ssl::verify_peer);
  EXPECT_THROW(connected(strange), boost::system::system_error) << "who does not trust the certificate goes away";
  auto stream = connected(trust);
  EXPECT_EQ(ask(stream, http::verb::get, "/healthz").result_int(), 200u) << "and the others are still served";
}

TEST_F(over_tls, needs_a_certificate_and_a_key_that_fit) {
  options.tls_key = folder / "certificate.pem";
  gateway::gateway_ports ports{node, reads, reads, accounts, keys, reads};
  ports.now = [] { return events::timestamp{}; };
  gateway::gateway_server unfit(options, std::move(ports));
  auto started = unfit.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, events::failure_code::malformed);
}

} // namespace
} // namespace reverie::tests
