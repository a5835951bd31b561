#include "gateway/http/server.hpp"

#include "gateway/http/admin_api.hpp"
#include "gateway/http/byte_stream.hpp"
#include "gateway/http/io_threads.hpp"
#include "gateway/http/rest_api.hpp"
#include "gateway/http/serving.hpp"

#include "events/vault/sodium_ready.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <condition_variable>
#include <latch>
#include <mutex>
#include <optional>

namespace reverie::gateway {

using events::failure_code;
using events::outcome;
using boost::system::error_code;
using tcp = asio::ip::tcp;

class gateway_server::implementation {
public:
  implementation(gateway_options options, gateway_ports ports)
      : options_(std::move(options)), ports_(std::move(ports)), database_(options_.database_threads, options_.database_queue),
        operators_(options_.operator_threads, options_.operator_queue),
        passwords_(options_.passwords, options_.password_threads), threads_(options_.io_threads),
        commands_(ports_, database_, written_,
                  [this](std::string_view name, std::string_view code, double ms) { metrics_.command(name, code, ms); }),
        rows_(ports_, database_, written_, options_.read_own_writes_wait),
        accounts_(ports_, database_, passwords_, commands_, options_.sign_ins_per_minute, options_.access_token_lives),
        chats_(ports_, database_, commands_, rows_, options_.messages_per_minute), hub_(ports_.node, threads_.executors()),
        chat_{ports_,
              accounts_,
              chats_,
              commands_,
              hub_,
              options_.connections_per_user,
              options_.frames_per_minute,
              static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(options_.heartbeat).count())},
        pulse_(ports_, [this] { return metrics_.totals(); }), admin_(ports_, operators_, pulse_),
        rest_(ports_, accounts_, chats_, rows_, database_, metrics_, pulse_), router_(rest_.routes(admin_.routes())) {
    accounts_.when_signed_out([this](events::user_id user, const events::uuid& sign_in) { hub_.sign_out(user, sign_in); });
  }

  ~implementation() {
    stop(std::chrono::milliseconds{0});
    // Sessions that still wait somewhere go while all they refer to is there.
    acceptor_.reset();
    threads_.clear();
  }

  outcome<std::uint16_t> start() {
    auto site = static_site::load(options_.web_root);
    if (!site) return std::unexpected(site.error());
    site_ = std::move(*site);
    if (auto ready = prepare_tls(); !ready) return std::unexpected(ready.error());
    serving_.reset(new serving{options_, ports_, router_, site_, metrics_, accounts_, chat_});
    serving_->sessions.resize(threads_.count());
    if (auto bound = bind(); !bound) return std::unexpected(bound.error());
    auto port = acceptor_->local_endpoint().port();
    accept_next();
    threads_.run();
    pulse_.start();
    running_ = true;
    return port;
  }

  void stop(std::chrono::milliseconds deadline) {
    if (stopped_) return;
    stopped_ = true;
    pulse_.stop();
    if (running_) {
      serving_->stopping = true;
      on_every_lane([this](std::size_t lane) {
        error_code ignored;
        if (lane == 0 && acceptor_) acceptor_->close(ignored);
        for_each_session(lane, [](serving_session& session) { session.end_soon(); });
      });
      wait_until_empty(deadline);
      on_every_lane([this](std::size_t lane) { for_each_session(lane, [](serving_session& session) { session.end_now(); }); });
      if (deadline.count() > 0) wait_until_empty(std::chrono::milliseconds{200});
    }
    threads_.stop();
    passwords_.stop();
    database_.stop();
    operators_.stop();
  }

  std::size_t connections() const { return serving_ ? serving_->connections.load() : 0; }

private:
  outcome<void> prepare_tls() {
    if (options_.tls_certificate.empty() || options_.tls_key.empty()) return {};
    tls_.emplace(asio::ssl::context::tls_server);
    error_code error;
    tls_->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, error);
    if (!error) tls_->use_certificate_chain_file(options_.tls_certificate.string(), error);
    if (!error) tls_->use_private_key_file(options_.tls_key.string(), asio::ssl::context::pem, error);
    if (error) return events::fail(failure_code::malformed, "the TLS certificate or key can't be used: " + error.message());
    return {};
  }

  outcome<void> bind() {
    error_code error;
    auto address = asio::ip::make_address(options_.address, error);
    if (error) return events::fail(failure_code::malformed, "not an address to listen on: " + options_.address);
    tcp::endpoint endpoint(address, options_.port);
    acceptor_.emplace(threads_.context(0));
    acceptor_->open(endpoint.protocol(), error);
    if (!error) acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_->bind(endpoint, error);
    if (!error) acceptor_->listen(asio::socket_base::max_listen_connections, error);
    if (error == asio::error::address_in_use) {
      return events::fail(failure_code::already_exists, "port " + std::to_string(options_.port) + " is taken");
    }
    if (error) return events::fail(failure_code::unavailable, "can't listen on port " + std::to_string(options_.port) + ": " + error.message());
    return {};
  }

  void accept_next() {
    auto lane = next_lane_++ % threads_.count();
    acceptor_->async_accept(threads_.context(lane), [this, lane](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted || serving_->stopping || !acceptor_->is_open()) return;
      if (!error) take(std::move(socket), lane);
      if (error) pause_then_accept(); // no descriptors left, say: a tight loop would not free any
      else accept_next();
    });
  }

  void pause_then_accept() {
    auto timer = std::make_shared<asio::steady_timer>(threads_.context(0), std::chrono::milliseconds{50});
    timer->async_wait([this, timer](error_code cancelled) {
      if (!cancelled && !serving_->stopping) accept_next();
    });
  }

  void take(tcp::socket socket, std::size_t lane) {
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    if (options_.send_buffer_bytes > 0) socket.set_option(asio::socket_base::send_buffer_size(options_.send_buffer_bytes), ignored);
    auto stream = tls_ ? tls_stream(std::move(socket), *tls_) : plain_stream(std::move(socket));
    bool full = serving_->connections.load() >= options_.connections;
    asio::post(stream->executor(), [this, stream, lane, full] {
      if (full) turn_away(stream);
      else serve_http(*serving_, stream, lane);
    });
  }

  template <class Visit>
  void for_each_session(std::size_t lane, Visit visit) {
    auto sessions = serving_->sessions[lane]; // ending one may erase it from the set
    for (auto* session : sessions) {
      if (serving_->sessions[lane].contains(session)) visit(*session);
    }
  }

  void on_every_lane(std::function<void(std::size_t)> act) {
    auto done = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(threads_.count()));
    for (std::size_t lane = 0; lane < threads_.count(); ++lane) {
      asio::post(threads_.context(lane), [act, lane, done] {
        act(lane);
        done->count_down();
      });
    }
    done->wait();
  }

  void wait_until_empty(std::chrono::milliseconds deadline) {
    auto until = std::chrono::steady_clock::now() + deadline;
    while (serving_->connections.load() > 0 && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
  }

  gateway_options options_;
  gateway_ports ports_;
  gateway_metrics metrics_;
  own_writes written_;
  blocking_pool database_;
  blocking_pool operators_; ///< blocking calls of operators: they take no thread from users
  password_hasher passwords_;
  io_threads threads_;
  command_gate commands_;
  row_reader rows_;
  account_service accounts_;
  chat_service chats_;
  live_hub hub_;
  chat_context chat_;
  server_pulse pulse_;
  admin_api admin_;
  rest_api rest_;
  router router_;
  static_site site_;
  std::optional<asio::ssl::context> tls_;
  std::unique_ptr<serving> serving_;
  std::optional<tcp::acceptor> acceptor_;
  std::size_t next_lane_ = 0;
  bool running_ = false;
  bool stopped_ = false;
};

gateway_server::gateway_server(gateway_options options, gateway_ports ports)
    : implementation_((events::sodium_ready(), std::make_unique<implementation>(std::move(options), std::move(ports)))) {}
gateway_server::~gateway_server() = default;
outcome<std::uint16_t> gateway_server::start() { return implementation_->start(); }
void gateway_server::stop(std::chrono::milliseconds deadline) { implementation_->stop(deadline); }
std::size_t gateway_server::connections() const { return implementation_->connections(); }

} // namespace reverie::gateway
