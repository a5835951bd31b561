#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <ctime>
#include <stdexcept>
#include <string>
#include <vector>

namespace reverie::bench {

/// A listening TCP socket on loopback and its accepted peers; all are closed with this object.
class loopback_pairs {
public:
  explicit loopback_pairs(std::size_t count) {
    const int listener = keep(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    if (::bind(listener, plain, size) != 0 || ::listen(listener, 128) != 0 || ::getsockname(listener, plain, &size) != 0)
      throw std::runtime_error("no listener on loopback");
    for (std::size_t i = 0; i < count; ++i) {
      if (::connect(keep(::socket(AF_INET, SOCK_STREAM, 0)), plain, size) != 0) throw std::runtime_error("no connection on loopback");
      senders_.push_back(keep(::accept(listener, nullptr, nullptr)));
    }
  }
  ~loopback_pairs() {
    for (const int each : open_) ::close(each);
  }
  loopback_pairs(const loopback_pairs&) = delete;
  loopback_pairs& operator=(const loopback_pairs&) = delete;

  const std::vector<int>& senders() const { return senders_; }

private:
  int keep(int socket) {
    if (socket < 0) throw std::runtime_error("no more sockets");
    return open_.emplace_back(socket);
  }

  std::vector<int> open_, senders_;
};

/// CPU microseconds of one `send` of that many bytes to a connected socket, over all sockets in turn, `rounds` times: what the kernel
/// takes for a delivery whatever the server does. The peers read nothing, so all rounds must fit into a socket's buffer.
inline double bare_send_cpu_us(std::size_t sockets, std::size_t rounds, std::size_t bytes) {
  const loopback_pairs pairs(sockets);
  const std::string frame(bytes, 'x');
  timespec before{}, after{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
  for (std::size_t round = 0; round < rounds; ++round)
    for (const int socket : pairs.senders())
      if (::send(socket, frame.data(), frame.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(frame.size())) throw std::runtime_error("a send was cut short");
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
  const auto used_us = static_cast<double>(after.tv_sec - before.tv_sec) * 1e6 + static_cast<double>(after.tv_nsec - before.tv_nsec) / 1e3;
  return used_us / static_cast<double>(sockets * rounds);
}

} // namespace reverie::bench
