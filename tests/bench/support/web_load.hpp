#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reverie::bench {

struct answer {
  int status = 0;
  std::string body;
};

/// A TCP connection on loopback; blocking; closed with this object.
class loopback_socket {
public:
  explicit loopback_socket(std::uint16_t port);
  ~loopback_socket();
  loopback_socket(loopback_socket&& other) noexcept : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}
  loopback_socket& operator=(loopback_socket&&) = delete;

  int handle() const { return socket_; }
  void send(std::string_view bytes);
  /// The next whole HTTP answer with a Content-Length.
  answer read_answer();
  /// The payload of the next WebSocket text frame; waits for it.
  std::string read_frame();
  /// All whole frames that are there, or come with one read.
  std::size_t take_frames(const std::function<void(std::string_view payload)>& each);
  /// Turns the connection into a signed-in WebSocket and reads its `ready`.
  void upgrade(const std::string& token);

private:
  bool receive();
  bool next_frame(std::string_view& payload, std::size_t& at) const;

  int socket_;
  std::string received_;
};

/// Text of a request with a JSON body (none when it is empty).
std::string request_text(std::string_view method, std::string_view target, std::string_view token, std::string_view body);
/// A masked text frame, as a client sends it.
std::string client_frame(std::string_view json);

/// Sends `total` requests over as many keep-alive connections as `clients`, one under way on each, on the caller's thread. Answers the
/// seconds it took; an answer without a 2xx status ends the program.
double closed_loop(std::uint16_t port, std::size_t clients, std::size_t total, const std::function<std::string(std::size_t number)>& make);

/// Sends `total` requests, `per_second` of them evenly, over as many connections as are needed; the milliseconds from when each was due to its
/// answer, sorted.
std::vector<double> paced_loop(std::uint16_t port, double per_second, std::size_t total, const std::function<std::string(std::size_t number)>& make,
                               const std::function<bool()>& go_on = {});

} // namespace reverie::bench
