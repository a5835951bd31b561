#pragma once

#include <sys/socket.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <string>
#include <thread>

namespace reverie::tests {

/// A listening socket on loopback whose connections are handed, one after another, to a script that plays the endpoint: it reads the
/// request whole, then does as it likes with the socket.
class loopback_endpoint {
public:
  using script = std::function<void(int socket, const std::string& request)>;

  explicit loopback_endpoint(script play) : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_, 8);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, play = std::move(play)] {
      for (int socket; (socket = ::accept(listener_, nullptr, nullptr)) >= 0; ::close(socket)) play(socket, read_request(socket));
    });
  }

  ~loopback_endpoint() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1"; }

  static void send(int socket, const std::string& bytes) { (void)::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  /// Waits until the peer closes its side; true when it did.
  static bool peer_closed(int socket) {
    char byte;
    return ::recv(socket, &byte, 1, 0) <= 0;
  }

private:
  static std::string read_request(int socket) {
    std::string got;
    std::array<char, 4096> piece;
    while (true) {
      auto head_end = got.find("\r\n\r\n");
      if (head_end != std::string::npos) {
        auto at = got.find("Content-Length: ");
        std::size_t length = at == std::string::npos ? 0 : std::stoul(got.substr(at + 16));
        if (got.size() >= head_end + 4 + length) return got;
      }
      auto count = ::recv(socket, piece.data(), piece.size(), 0);
      if (count <= 0) return got;
      got.append(piece.data(), static_cast<std::size_t>(count));
    }
  }

  int listener_;
  unsigned short port_ = 0;
  std::thread thread_;
};

} // namespace reverie::tests
