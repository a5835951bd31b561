#include "actors/runtime/cluster_caf_network.hpp"

#include "actors/runtime/caf_compat.hpp"
#include "events/vault/key_ring.hpp"

#include <caf/io/all.hpp>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace reverie::actors::runtime {

using events::fail;
using events::failure_code;
using events::outcome;

namespace {

constexpr std::size_t link_bytes_max = 64 * 1024 * 1024, links_max = 256;
constexpr std::chrono::milliseconds first_pause{50}, longest_pause{1'000};
constexpr std::chrono::milliseconds answers_within{2'000}; ///< a node that is asked for a connection
constexpr std::string_view frame_context = "reverie node frame 1";

std::unique_ptr<events::data_key> key_of_secret(const std::string& secret) {
  static const events::data_key none{std::array<std::uint8_t, 32>{}};
  const auto low = events::keyed_digest(none, "reverie nodes, first half", secret);
  const auto high = events::keyed_digest(none, "reverie nodes, second half", secret);
  std::array<std::uint8_t, 32> bytes{};
  std::ranges::copy(low, bytes.begin());
  std::ranges::copy(high, bytes.begin() + low.size());
  return std::make_unique<events::data_key>(bytes);
}

/// Whether somebody listens there. CAF's own connecting can't be given a time, and a host that is cut off answers nothing for minutes.
bool somebody_listens(const std::string& host, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0) return false;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, &::freeaddrinfo);
  for (const auto* at = all.get(); at != nullptr; at = at->ai_next) {
    const int tried = ::socket(at->ai_family, at->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, at->ai_protocol);
    if (tried < 0) continue;
    bool reached = ::connect(tried, at->ai_addr, at->ai_addrlen) == 0;
    if (!reached && errno == EINPROGRESS) {
      pollfd one{tried, POLLOUT, 0};
      int error = 1;
      socklen_t size = sizeof error;
      if (::poll(&one, 1, static_cast<int>(answers_within.count())) == 1) ::getsockopt(tried, SOL_SOCKET, SO_ERROR, &error, &size);
      reached = error == 0;
    }
    ::close(tried);
    if (reached) return true;
  }
  return false;
}

class network_config : public caf::actor_system_config {
public:
  network_config() {
    set_scheduling(*this, scheduling::threads, 1);
    load<caf::io::middleman>();
  }
};

/// What goes to one node, in order, by a thread that may wait for the connection.
struct link {
  std::string node, host;
  std::uint16_t port = 0;
  std::mutex mutex;
  std::condition_variable_any changed;
  std::deque<std::string> waiting;
  std::size_t bytes = 0;
  std::atomic<bool> down{true};
  std::jthread thread;
};

class caf_network final : public peer_network {
public:
  explicit caf_network(caf_network_options options) : options_(std::move(options)), key_(key_of_secret(options_.secret)) {}
  ~caf_network() override { stop(); }

  outcome<void> start(listener told) override {
    told_ = std::move(told);
    auto address = parse_node_address(options_.self);
    if (!address) return std::unexpected(address.error());
    system_ = std::make_unique<caf::actor_system>(config_);
    receiver_ = system_->spawn([this](caf::event_based_actor*) -> caf::behavior {
      return {[this](const std::string& sealed) { take(sealed); }};
    });
    const auto& on = options_.listen_on.empty() ? address->first : options_.listen_on;
    auto bound = system_->middleman().publish(receiver_, address->second, on.c_str(), true);
    if (bound) return {};
    return fail(failure_code::unavailable, "can't listen for other nodes on " + on + ":" + std::to_string(address->second) + ": " +
                                               describe(*system_, bound.error()));
  }

  bool send(const std::string& node, std::string frame) override {
    auto to = link_to(node);
    if (!to) return false;
    auto sealed = events::seal_bytes(*key_, frame_context, frame);
    std::lock_guard lock(to->mutex);
    if (to->bytes + sealed.size() > link_bytes_max) return false;
    to->bytes += sealed.size();
    to->waiting.push_back(std::move(sealed));
    to->changed.notify_all();
    return true;
  }

  void stop() override {
    if (stopped_.exchange(true)) return;
    std::map<std::string, std::shared_ptr<link>> links;
    {
      std::lock_guard lock(links_mutex_);
      links = std::exchange(links_, {});
    }
    for (auto& [node, each] : links) each->thread.request_stop();
    for (auto& [node, each] : links) each->thread = {};
    if (!system_) return;
    if (receiver_) caf::anon_send_exit(receiver_, caf::exit_reason::kill);
    receiver_ = nullptr;
    system_.reset();
  }

private:
  void take(const std::string& sealed) {
    if (stopped_) return;
    auto frame = events::unseal_bytes(*key_, frame_context, sealed);
    if (frame) return told_.received(std::move(*frame));
    if (!warned_.exchange(true) && options_.say)
      options_.say(severity::warning, "somebody who does not know the shared secret speaks to this node; it is not heard");
  }

  std::shared_ptr<link> link_to(const std::string& node) {
    std::lock_guard lock(links_mutex_);
    if (stopped_) return nullptr;
    if (auto known = links_.find(node); known != links_.end()) return known->second;
    auto address = parse_node_address(node);
    if (!address || links_.size() >= links_max) return nullptr;
    auto fresh = std::make_shared<link>();
    fresh->node = node;
    fresh->host = address->first;
    fresh->port = address->second;
    fresh->thread = std::jthread([this, to = fresh.get()](std::stop_token stop) { serve(*to, stop); });
    return links_.emplace(node, fresh).first->second;
  }

  caf::actor connect(link& to) {
    if (!somebody_listens(to.host, to.port)) return nullptr;
    caf::actor found; // a frozen node takes the connection and says nothing: not waited for longer than this
    caf::scoped_actor self{*system_};
    self->request(system_->middleman().actor_handle(), answers_within, caf::connect_atom::value, to.host, to.port)
        .receive([&](const caf::node_id&, caf::strong_actor_ptr& peer, const std::set<std::string>&) { found = caf::actor_cast<caf::actor>(peer); },
                 [](caf::error&) {});
    if (!found) return nullptr;
    to.down = false;
    std::weak_ptr<link> weak;
    {
      std::lock_guard lock(links_mutex_);
      if (auto known = links_.find(to.node); known != links_.end()) weak = known->second;
    }
    found->attach_functor([this, weak] {
      auto lost = weak.lock();
      if (!lost || stopped_) return;
      lost->down = true;
      told_.unreachable(lost->node);
    });
    return found;
  }

  void serve(link& to, const std::stop_token& stop) {
    caf::actor peer;
    auto pause = first_pause;
    while (!stop.stop_requested()) {
      std::deque<std::string> out;
      {
        std::unique_lock lock(to.mutex);
        if (!to.changed.wait(lock, stop, [&] { return !to.waiting.empty(); })) return;
        out = std::exchange(to.waiting, {});
        to.bytes = 0;
      }
      if (!peer || to.down) peer = connect(to);
      if (peer) {
        pause = first_pause;
        for (auto& each : out) caf::anon_send(peer, std::move(each));
        continue;
      }
      told_.unreachable(to.node);
      std::unique_lock lock(to.mutex);
      to.changed.wait_for(lock, stop, pause, [] { return false; });
      pause = std::min(longest_pause, pause * 2);
    }
  }

  const caf_network_options options_;
  std::unique_ptr<events::data_key> key_;
  listener told_;
  network_config config_;
  std::unique_ptr<caf::actor_system> system_;
  caf::actor receiver_;
  std::atomic<bool> stopped_{false}, warned_{false};
  std::mutex links_mutex_;
  std::map<std::string, std::shared_ptr<link>> links_;
};

} // namespace

outcome<std::pair<std::string, std::uint16_t>> parse_node_address(std::string_view text) {
  const auto colon = text.rfind(':');
  std::uint16_t port = 0;
  if (colon != std::string_view::npos && colon > 0) {
    const auto digits = text.substr(colon + 1);
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error == std::errc{} && end == digits.data() + digits.size() && port > 0) return std::pair{std::string(text.substr(0, colon)), port};
  }
  return fail(failure_code::malformed, "'" + std::string(text) + "' is no address of a node: host:port");
}

outcome<std::shared_ptr<peer_network>> make_caf_network(caf_network_options options) {
  if (auto address = parse_node_address(options.self); !address) return std::unexpected(address.error());
  if (options.secret.size() < secret_bytes_min)
    return fail(failure_code::malformed, "the nodes' shared secret must have at least " + std::to_string(secret_bytes_min) + " bytes");
  return std::make_shared<caf_network>(std::move(options));
}

} // namespace reverie::actors::runtime
