#pragma once

#include <nlohmann/json.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <optional>
#include <string>

#include <sys/socket.h>

namespace reverie::tests {

/// Reads a stream of server-sent events, blocking for at most five seconds at a time.
class event_reader {
public:
  event_reader(std::uint16_t port, const std::string& target, const std::string& token) : socket_(context_) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
    timeval within{5, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &within, sizeof within);
    boost::asio::write(socket_, boost::asio::buffer("GET " + target + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n"));
  }

  /// The data of the next event of that name; nothing when the stream ends or is silent.
  std::optional<nlohmann::json> next(const std::string& name) {
    const auto head = "event: " + name + "\ndata: ";
    for (;;) {
      const auto at = text_.find(head);
      const auto end = at == std::string::npos ? at : text_.find("\n\n", at);
      if (end != std::string::npos) {
        auto data = nlohmann::json::parse(text_.substr(at + head.size(), end - at - head.size()));
        text_.erase(0, end + 2);
        return data;
      }
      std::array<char, 4096> part;
      const auto count = ::recv(socket_.native_handle(), part.data(), part.size(), 0);
      if (count <= 0) return std::nullopt;
      text_.append(part.data(), static_cast<std::size_t>(count));
    }
  }

  /// Reads on, whatever comes; whether the server ended it, and was not merely silent.
  bool ended() {
    std::array<char, 4096> part;
    for (;;)
      if (const auto count = ::recv(socket_.native_handle(), part.data(), part.size(), 0); count <= 0) return count == 0;
  }

private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_;
  std::string text_;
};

} // namespace reverie::tests
