#include "tests/bench/support/upstream_model.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <map>
#include <stdexcept>
#include <utility>

namespace reverie::bench {

namespace {

constexpr std::string_view head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
constexpr std::string_view first = "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hello\"}}]}\n\n";
constexpr std::string_view rest = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\" there.\"}}]}\n\n"
                                  "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

bool is_whole(const std::string& request) {
  const auto end = request.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  const auto field = request.find("Content-Length: ");
  const auto length = field < end ? std::stoul(request.substr(field + 16, 12)) : 0;
  return request.size() >= end + 4 + length;
}

void write(int socket, std::string_view text) { (void)::send(socket, text.data(), text.size(), MSG_NOSIGNAL); }

} // namespace

upstream_model::upstream_model(std::chrono::microseconds first_piece_after)
    : first_piece_after_(first_piece_after), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 1024) != 0 || ::pipe(stop_) != 0)
    throw std::runtime_error("the upstream can't listen");
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

upstream_model::~upstream_model() {
  (void)!::write(stop_[1], "x", 1);
  thread_.join();
  ::close(listener_);
  ::close(stop_[0]);
  ::close(stop_[1]);
}

std::string upstream_model::url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1"; }

std::vector<upstream_model::served> upstream_model::take_served() {
  const std::lock_guard lock(mutex_);
  return std::exchange(served_, {});
}

void upstream_model::answer(int socket, clock::time_point asked) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(asked + first_piece_after_ - clock::now());
  if (left.count() > 0) ::poll(nullptr, 0, static_cast<int>(left.count()));
  write(socket, head);
  write(socket, first);
  {
    const std::lock_guard lock(mutex_);
    served_.push_back({asked, clock::now()});
  }
  write(socket, rest);
}

void upstream_model::run() {
  std::vector<pollfd> watched{{stop_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
  std::map<int, std::string> requests;
  std::array<char, 16'384> piece;
  for (;;) {
    ::poll(watched.data(), watched.size(), -1);
    if (watched[0].revents != 0) break;
    const auto count = watched.size();
    if (watched[1].revents != 0) {
      const int socket = ::accept(listener_, nullptr, nullptr);
      const int on = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      watched.push_back({socket, POLLIN, 0});
    }
    for (std::size_t i = 2; i < count; ++i) {
      if (watched[i].revents == 0) continue;
      const int socket = watched[i].fd;
      const auto size = ::recv(socket, piece.data(), piece.size(), 0);
      auto& request = requests[socket];
      if (size > 0) request.append(piece.data(), static_cast<std::size_t>(size));
      const bool answered = size > 0 && first_piece_after_.count() > 0 && is_whole(request);
      if (answered) answer(socket, clock::now());
      if (size > 0 && !answered) continue;
      ::close(socket);
      requests.erase(socket);
      watched[i].fd = -1;
    }
    std::erase_if(watched, [](const pollfd& each) { return each.fd < 0; });
  }
  for (std::size_t i = 2; i < watched.size(); ++i) ::close(watched[i].fd);
}

} // namespace reverie::bench
