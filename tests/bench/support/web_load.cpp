#include "tests/bench/support/web_load.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <format>
#include <memory>
#include <stdexcept>

namespace reverie::bench {

loopback_socket::loopback_socket(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (socket_ < 0 || ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) throw std::runtime_error("can't connect");
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

loopback_socket::~loopback_socket() {
  if (socket_ >= 0) ::close(socket_);
}

void loopback_socket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) throw std::runtime_error("can't send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool loopback_socket::receive() {
  std::array<char, 16'384> piece;
  const auto size = ::recv(socket_, piece.data(), piece.size(), 0);
  if (size <= 0) return false;
  received_.append(piece.data(), static_cast<std::size_t>(size));
  return true;
}

answer loopback_socket::read_answer() {
  for (;;) {
    const auto head = received_.find("\r\n\r\n");
    if (head != std::string::npos) {
      const auto field = received_.find("Content-Length: ");
      const auto length = field < head ? std::stoul(received_.substr(field + 16, 12)) : 0;
      if (received_.size() >= head + 4 + length) {
        answer got{std::stoi(received_.substr(9, 3)), received_.substr(head + 4, length)};
        received_.erase(0, head + 4 + length);
        return got;
      }
    }
    if (!receive()) throw std::runtime_error("the server closed the connection");
  }
}

bool loopback_socket::next_frame(std::string_view& payload, std::size_t& at) const {
  const auto left = std::string_view(received_).substr(at);
  if (left.size() < 2) return false;
  auto byte = [&](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(left[i])); };
  std::size_t length = byte(1) & 127, head = 2;
  if (length == 126) {
    if (left.size() < 4) return false;
    length = byte(2) << 8 | byte(3);
    head = 4;
  } else if (length == 127) {
    throw std::runtime_error("a frame this long is not expected");
  }
  if (left.size() < head + length) return false;
  const bool text = (byte(0) & 15) == 1;
  payload = text ? left.substr(head, length) : std::string_view{};
  at += head + length;
  return true;
}

std::string loopback_socket::read_frame() {
  for (;;) {
    std::size_t at = 0;
    std::string_view payload;
    if (next_frame(payload, at)) {
      std::string text(payload);
      received_.erase(0, at);
      if (!text.empty()) return text;
    } else if (!receive()) {
      throw std::runtime_error("the server closed the WebSocket");
    }
  }
}

std::size_t loopback_socket::take_frames(const std::function<void(std::string_view payload)>& each) {
  if (!receive()) throw std::runtime_error("the server closed the WebSocket");
  std::size_t at = 0, count = 0;
  for (std::string_view payload; next_frame(payload, at);) {
    if (payload.empty()) continue;
    ++count;
    each(payload);
  }
  received_.erase(0, at);
  return count;
}

void loopback_socket::upgrade(const std::string& token) {
  send(std::format("GET /api/v1/chat/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer {}\r\n\r\n",
                   token));
  if (const auto got = read_answer(); got.status != 101) throw std::runtime_error(std::format("no WebSocket: {} {}", got.status, got.body));
  if (const auto ready = read_frame(); !ready.contains("\"ready\"")) throw std::runtime_error("not signed in: " + ready);
  received_.shrink_to_fit();
}

std::string request_text(std::string_view method, std::string_view target, std::string_view token, std::string_view body) {
  auto text = std::format("{} {} HTTP/1.1\r\nHost: localhost\r\n", method, target);
  if (!token.empty()) text += std::format("Authorization: Bearer {}\r\n", token);
  if (!body.empty()) text += "Content-Type: application/json\r\n";
  return text + std::format("Content-Length: {}\r\n\r\n{}", body.size(), body);
}

std::string client_frame(std::string_view json) {
  std::string frame = "\x81";
  if (json.size() < 126) {
    frame += static_cast<char>(128 | json.size());
  } else {
    frame += static_cast<char>(128 | 126);
    frame += static_cast<char>(json.size() >> 8);
    frame += static_cast<char>(json.size());
  }
  return frame.append(4, '\0').append(json); // a mask of zeros leaves the text as it is
}

double closed_loop(std::uint16_t port, std::size_t clients, std::size_t total, const std::function<std::string(std::size_t number)>& make) {
  std::vector<loopback_socket> connections;
  const int poll = ::epoll_create1(EPOLL_CLOEXEC);
  for (std::size_t i = 0; i < clients; ++i) {
    connections.emplace_back(port);
    epoll_event wanted{.events = EPOLLIN, .data = {.u64 = i}};
    ::epoll_ctl(poll, EPOLL_CTL_ADD, connections.back().handle(), &wanted);
  }
  const auto began = std::chrono::steady_clock::now();
  std::size_t sent = 0, done = 0;
  for (auto& each : connections)
    if (sent < total) each.send(make(sent++));
  std::array<epoll_event, 256> ready;
  while (done < total) {
    const auto count = ::epoll_wait(poll, ready.data(), static_cast<int>(ready.size()), 30'000);
    if (count <= 0) throw std::runtime_error("no answer within 30 s");
    for (int i = 0; i < count; ++i) {
      auto& connection = connections[ready[static_cast<std::size_t>(i)].data.u64];
      if (const auto got = connection.read_answer(); got.status / 100 != 2) throw std::runtime_error(std::format("{} {}", got.status, got.body));
      ++done;
      if (sent < total) connection.send(make(sent++));
    }
  }
  ::close(poll);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

std::vector<double> paced_loop(std::uint16_t port, double per_second, std::size_t total, const std::function<std::string(std::size_t number)>& make,
                               const std::function<bool()>& go_on) {
  using clock = std::chrono::steady_clock;
  constexpr std::chrono::seconds unused_for{5};
  struct asked {
    loopback_socket connection;
    clock::time_point due;
  };
  std::vector<std::unique_ptr<asked>> all;
  std::vector<asked*> free_ones;
  std::vector<double> took;
  const int poll = ::epoll_create1(EPOLL_CLOEXEC);
  const auto began = clock::now();
  std::array<epoll_event, 64> ready;
  std::size_t sent = 0;
  for (bool more = true; more || took.size() < sent;) {
    more = sent < total && (!go_on || go_on());
    const auto due = began + std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(static_cast<double>(sent) / per_second));
    if (more && clock::now() >= due) {
      // The server closes what nobody used for long: the last ones that were needed at once lie here for minutes.
      std::erase_if(free_ones, [&](auto* each) {
        const bool old = due - each->due > unused_for;
        if (old) std::erase_if(all, [&](const auto& one) { return one.get() == each; });
        return old;
      });
      if (free_ones.empty()) {
        all.push_back(std::make_unique<asked>(asked{loopback_socket(port), {}}));
        epoll_event wanted{.events = EPOLLIN, .data = {.ptr = all.back().get()}};
        ::epoll_ctl(poll, EPOLL_CTL_ADD, all.back()->connection.handle(), &wanted);
        free_ones.push_back(all.back().get());
      }
      auto* next = free_ones.back();
      free_ones.pop_back();
      next->due = due;
      next->connection.send(make(sent++));
      continue;
    }
    if (!more && took.size() == sent) break;
    const auto count = ::epoll_wait(poll, ready.data(), static_cast<int>(ready.size()), more ? 1 : 30'000);
    if (count == 0 && !more) throw std::runtime_error("no answer within 30 s");
    for (int i = 0; i < count; ++i) {
      auto* answered = static_cast<asked*>(ready[static_cast<std::size_t>(i)].data.ptr);
      if (const auto got = answered->connection.read_answer(); got.status / 100 != 2) throw std::runtime_error(std::format("{} {}", got.status, got.body));
      took.push_back(std::chrono::duration<double, std::milli>(clock::now() - answered->due).count());
      free_ones.push_back(answered);
    }
  }
  ::close(poll);
  std::ranges::sort(took);
  return took;
}

} // namespace reverie::bench
