#pragma once

#include <nlohmann/json.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reverie::tests {

struct web_answer {
  int status = 0;
  std::map<std::string, std::string> headers; ///< names in lower case
  std::string body;
  nlohmann::json json() const { return nlohmann::json::parse(body); }
};

/// A plain blocking HTTP client: one connection a request unless kept.
class web_client {
public:
  explicit web_client(std::uint16_t port) : port_(port) {}
  std::string token;

  web_answer get(const std::string& target, std::map<std::string, std::string> headers = {}) { return ask("GET", target, "", "", std::move(headers)); }
  web_answer post(const std::string& target, const nlohmann::json& body) { return ask("POST", target, body.dump(), "application/json", {}); }
  web_answer ask(const std::string& method, const std::string& target, const std::string& body, const std::string& type,
                 std::map<std::string, std::string> headers);
  /// Sends bytes as they are and reads until the server closes or a whole answer came.
  std::string raw(const std::string& bytes);

private:
  std::uint16_t port_;
};

/// A blocking WebSocket client whose reads have a deadline.
class chat_client {
public:
  explicit chat_client(std::uint16_t port, const std::string& bearer = "", const std::string& path = "/api/v1/chat/ws", int receive_buffer = 0);
  ~chat_client();

  void send(const nlohmann::json& frame) { send_text(frame.dump()); }
  void send_text(const std::string& text);
  void send_binary(const std::string& bytes);
  /// The next frame; nothing when the connection ended or nothing came within 5 s.
  std::optional<nlohmann::json> next();
  /// Reads on to the next frame of a type.
  std::optional<nlohmann::json> next(const std::string& type);
  /// Reads until the connection ends; its close code (1006: without one).
  std::uint16_t closed();
  /// HTTP status of a refused upgrade; 101 when it worked.
  int upgrade_status = 101;
  void abandon(); ///< without a close frame
  /// Waits, without reading anything, until the server has closed its side; false after 10 s.
  bool dropped_by_server();

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace reverie::tests
