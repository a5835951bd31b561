#include "gateway/http/byte_stream.hpp"
#include "gateway/http/event_stream.hpp"
#include "gateway/http/message_head.hpp"
#include "gateway/http/operator_stream.hpp"
#include "gateway/http/request_head.hpp"
#include "gateway/http/request_report.hpp"
#include "gateway/http/serving.hpp"
#include "gateway/http/unrouted.hpp"
#include "gateway/http/websocket.hpp"

#include "gateway/bridge/fresh_ids.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>
#include <exception>
#include <limits>

namespace reverie::gateway {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using std::chrono::steady_clock;

namespace {

using parser_type = http::request_parser<http::string_body>;

constexpr std::string_view operators_path = "/api/v1/admin/";

bool is_chat_path(std::string_view path) { return path == "/api/v1/chat/ws" || path == "/chat/ws"; }

/// One HTTP/1.1 connection: requests one after the other, each phase with its deadline.
class http_session final : public serving_session, public std::enable_shared_from_this<http_session> {
public:
  http_session(serving& shared, std::shared_ptr<byte_stream_core> core, std::size_t lane)
      : shared_(shared), core_(std::move(core)), lane_(lane), counted_(std::make_unique<counted_connection>(shared)),
        stream_(core_), deadline_(core_->executor()) {
    shared_.sessions[lane_].insert(this);
  }
  ~http_session() override { shared_.sessions[lane_].erase(this); }

  task<void> run();
  void end_soon() override {
    ending_ = true;
    if (idle_) core_->close();
  }
  void end_now() override { core_->close(); }

private:
  task<bool> handshake();
  task<bool> serve_one();
  task<bool> read_header(parser_type& parser);
  std::optional<http_response> begin_request(parser_type& parser);
  std::optional<http_response> find_route();
  task<std::optional<http_response>> read_body(parser_type& parser);
  task<http_response> answer();
  task<std::optional<http_response>> admit();
  task<std::optional<http_response>> upgrade(parser_type& parser);
  task<std::optional<http_response>> begin_event_stream();
  task<std::optional<http_response>> begin_operator_stream();
  task<std::optional<http_response>> admit_unrouted();
  task<bool> write(const http_response& response, bool keep_alive, bool head_only);
  void tell(const http_response& response);
  void arm(std::chrono::milliseconds within);

  serving& shared_;
  std::shared_ptr<byte_stream_core> core_;
  std::size_t lane_;
  std::unique_ptr<counted_connection> counted_;
  byte_stream stream_;
  asio::steady_timer deadline_;
  beast::flat_buffer buffer_;
  http_request request_;
  route_match match_;
  steady_clock::time_point began_;
  bool idle_ = true;
  bool ending_ = false;
  bool handed_on_ = false;
};

void http_session::arm(std::chrono::milliseconds within) {
  deadline_.expires_after(within);
  deadline_.async_wait([weak = weak_from_this()](error_code cancelled) {
    auto self = weak.lock();
    if (!cancelled && self && !self->handed_on_ && self->deadline_.expiry() <= steady_clock::now()) self->core_->close();
  });
}

task<void> http_session::run() {
  auto self = shared_from_this();
  if (co_await handshake()) {
    while (co_await serve_one()) {}
  }
  deadline_.cancel();
  if (handed_on_) co_return;
  error_code ignored;
  arm(shared_.options.header_within);
  co_await stream_.async_shut_down(asio::redirect_error(asio::use_awaitable, ignored));
  deadline_.cancel();
}

task<bool> http_session::handshake() {
  arm(shared_.options.header_within);
  error_code error;
  co_await stream_.async_handshake(asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

task<bool> http_session::read_header(parser_type& parser) {
  idle_ = buffer_.size() == 0;
  arm(idle_ ? shared_.options.keep_alive_idle : shared_.options.header_within);
  error_code error;
  if (idle_) {
    // Waits for the first bytes, so that the header's own deadline starts when the request does.
    auto count = co_await stream_.async_read_some(buffer_.prepare(4096), asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return false;
    buffer_.commit(count);
    idle_ = false;
    arm(shared_.options.header_within);
  }
  began_ = steady_clock::now();
  co_await http::async_read_header(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
  if (!error) co_return true;
  request_ = {};
  request_.request_id = events::to_string(fresh_uuid(shared_.ports.now()));
  if (error == http::error::header_limit) {
    api_error too_large{431, "too_large", "The header of the request is too large."};
    co_await write(error_response(too_large, request_.request_id), false, false);
  } else if (error != http::error::end_of_stream && error.category() == http::make_error_code(http::error::bad_line_ending).category() &&
             error != http::error::partial_message) {
    co_await write(error_response(validation_error("This is not a valid HTTP request.", "request"), request_.request_id), false, false);
  }
  co_return false;
}

std::optional<http_response> http_session::begin_request(parser_type& parser) {
  request_ = {};
  match_ = {};
  request_.address = core_->remote_address();
  if (auto wrong = read_head(request_, parser.get().base(), shared_.ports.now())) return error_response(*wrong, request_.request_id);
  return find_route();
}

std::optional<http_response> http_session::find_route() {
  match_ = shared_.routes.match(request_.method, request_.path);
  if (match_.found != nullptr) {
    request_.path_values = match_.path_values;
    return std::nullopt;
  }
  return answer_unrouted(request_, match_, shared_.site);
}

task<std::optional<http_response>> http_session::read_body(parser_type& parser) {
  const auto& wanted = *match_.found;
  auto limit = wanted.body_max;
  api_error too_large{413, "too_large", "The body may have at most " + std::to_string(limit) + " bytes.", "body"};
  if (auto length = parser.content_length(); length && *length > limit) co_return error_response(too_large, request_.request_id);
  // A body in an encoding whose end can't be told would be taken for the next request (RFC 9112, section 6.3).
  if (!parser.chunked() && parser.get().find(http::field::transfer_encoding) != parser.get().end())
    co_return error_response(validation_error("Only chunked transfer encoding is understood.", "Transfer-Encoding"), request_.request_id);
  bool has_body = parser.chunked() || parser.content_length().value_or(0) > 0;
  if (has_body && !wanted.body_types.empty() && std::ranges::find(wanted.body_types, request_.media_type) == wanted.body_types.end()) {
    api_error wrong{415, "unsupported_media_type", "Send " + wanted.body_types.front() + ".", "Content-Type"};
    co_return error_response(wrong, request_.request_id);
  }
  if (!has_body) {
    error_code error;
    if (!parser.is_done()) co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
    co_return std::nullopt;
  }
  if (lower_case(request_.header("expect")) == "100-continue") {
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    error_code refused_by_peer;
    co_await stream_.async_write_some(asio::buffer(go_on), asio::redirect_error(asio::use_awaitable, refused_by_peer));
  }
  parser.body_limit(limit);
  arm(shared_.options.body_within);
  error_code error;
  co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
  if (error == http::error::body_limit) co_return error_response(too_large, request_.request_id);
  if (error) co_return error_response(validation_error("The body can't be read.", "body"), request_.request_id);
  request_.body = std::move(parser.get().body());
  co_return std::nullopt;
}

task<std::optional<http_response>> http_session::admit() {
  auto access = match_.found->access;
  auto credential = credential_of(request_);
  if (access == route_access::everybody && credential.empty()) co_return std::nullopt;
  auto who = co_await shared_.accounts.authenticate(std::move(credential));
  if (who) request_.who = std::move(*who);
  if (access == route_access::everybody) co_return std::nullopt;
  if (!who) co_return error_response(who.error(), request_.request_id);
  if (access == route_access::operators && !request_.who.has_role("operator") && !request_.who.has_role("admin")) {
    co_return error_response(permission_error("This is for operators."), request_.request_id);
  }
  co_return std::nullopt;
}

task<http_response> http_session::answer() {
  if (!match_.found->handler) co_return error_response({405, "validation_error", "This method is not allowed here.", "method"}, request_.request_id);
  try {
    co_return co_await match_.found->handler(request_);
  } catch (const std::exception& problem) {
    report_problem(shared_, request_, *match_.found, problem);
  }
  co_return error_response(internal_error(), request_.request_id);
}

task<std::optional<http_response>> http_session::upgrade(parser_type& parser) {
  std::optional<principal> who;
  if (auto refusal = refuse_handshake(request_)) co_return refusal;
  if (auto credential = credential_of(request_); !credential.empty()) {
    auto known = co_await shared_.accounts.authenticate(std::move(credential));
    if (!known) co_return error_response(known.error(), request_.request_id);
    who = std::move(*known);
  }
  handed_on_ = true;
  deadline_.cancel();
  serve_websocket(shared_, core_, lane_, parser.release(), std::move(who), request_.request_id, std::move(counted_));
  co_return std::nullopt;
}

task<std::optional<http_response>> http_session::begin_event_stream() {
  if (auto refusal = co_await admit()) co_return refusal;
  auto conversation = events::parse_uuid(value_of(request_.query, "conversation_id").value_or(""));
  auto after_text = value_of(request_.query, "after").value_or("");
  auto after = events::parse_entity_position(after_text);
  if (!conversation) co_return error_response(validation_error("This must be a UUID.", "conversation_id"), request_.request_id);
  if (!after_text.empty() && !after) co_return error_response(validation_error("This is not a position.", "after"), request_.request_id);
  tell(empty_response(200));
  handed_on_ = true;
  deadline_.cancel();
  serve_event_stream(shared_, core_, lane_, request_.who, events::session_id{*conversation}, after, request_.request_id,
                     std::move(counted_));
  co_return std::nullopt;
}

task<std::optional<http_response>> http_session::begin_operator_stream() {
  if (auto refusal = co_await admit()) co_return refusal;
  if (shared_.operator_streams.fetch_add(1) >= shared_.options.operator_streams) {
    shared_.operator_streams.fetch_sub(1);
    co_return error_response(overloaded_error(), request_.request_id);
  }
  std::shared_ptr<void> place(nullptr, [shared = &shared_](void*) { shared->operator_streams.fetch_sub(1); });
  auto source = co_await match_.found->stream(request_);
  if (!source) co_return error_response(source.error(), request_.request_id);
  const auto ends_at = request_.who.expires_at.value_or(shared_.ports.now() + operator_limits::stream_lifetime);
  tell(empty_response(200));
  handed_on_ = true;
  deadline_.cancel();
  serve_operator_stream(shared_, core_, lane_, std::move(*source), match_.found->stream_every, ends_at, request_.request_id, std::move(counted_), std::move(place));
  co_return std::nullopt;
}

/// What lies below the operators' address is nobody else's business, not even whether it is there.
task<std::optional<http_response>> http_session::admit_unrouted() {
  static const route guarded{.method = "", .pattern = "", .summary = "", .access = route_access::operators};
  match_.found = &guarded;
  auto refusal = co_await admit();
  match_.found = nullptr;
  co_return refusal;
}

task<bool> http_session::serve_one() {
  parser_type parser;
  parser.header_limit(static_cast<std::uint32_t>(events::limits::header_bytes));
  parser.body_limit(std::numeric_limits<std::uint64_t>::max());
  if (!co_await read_header(parser)) co_return false;
  bool keep_alive = parser.keep_alive();
  bool body_read = false;
  auto response = begin_request(parser);
  if (is_chat_path(request_.path)) {
    if (boost::beast::websocket::is_upgrade(parser.get())) {
      response = co_await upgrade(parser);
      if (handed_on_) co_return false;
    } else {
      response = error_response({426, "validation_error", "Connect to this address by WebSocket.", "Upgrade"}, request_.request_id);
      response->headers.emplace_back("Upgrade", "websocket");
    }
  }
  if (!response && request_.method == "GET" && request_.path == event_stream_path) {
    response = co_await begin_event_stream();
    if (handed_on_) co_return false;
  }
  if (!response && match_.found->stream && request_.method == "GET") {
    deadline_.cancel();
    response = co_await begin_operator_stream();
    if (handed_on_) co_return false;
  }
  if (response && match_.found == nullptr && request_.path.starts_with(operators_path)) {
    if (auto refusal = co_await admit_unrouted()) response = std::move(refusal);
  }
  if (!response) {
    deadline_.cancel();
    response = co_await admit(); // before the body: who may not ask should not be listened to for 4 MiB
  }
  if (!response) {
    response = co_await read_body(parser);
    body_read = !response;
  } else {
    body_read = parser.content_length().value_or(0) == 0 && parser.get().find(http::field::transfer_encoding) == parser.get().end();
  }
  if (!response) {
    deadline_.cancel();
    response = co_await answer();
  }
  tell(*response);
  keep_alive = keep_alive && body_read && !ending_ && !shared_.stopping;
  if (!co_await write(*response, keep_alive, request_.method == "HEAD")) co_return false;
  request_ = {};
  if (buffer_.size() == 0) buffer_.shrink_to_fit();
  co_return keep_alive;
}

task<bool> http_session::write(const http_response& response, bool keep_alive, bool head_only) {
  arm(shared_.options.write_within);
  auto head = head_of(response, request_.request_id, keep_alive);
  std::vector<asio::const_buffer> buffers{asio::buffer(head)};
  if (!head_only && !response.content().empty()) buffers.push_back(asio::buffer(response.content()));
  error_code error;
  co_await stream_.async_write_some(buffers, asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

void http_session::tell(const http_response& response) {
  auto took = std::chrono::duration<double, std::milli>(steady_clock::now() - began_).count();
  report_request(shared_, request_, match_.found, response.status, took);
}

} // namespace

void serve_http(serving& shared, std::shared_ptr<byte_stream_core> stream, std::size_t lane) {
  auto executor = stream->executor();
  auto session = std::make_shared<http_session>(shared, std::move(stream), lane);
  asio::co_spawn(executor, session->run(), asio::detached);
}

} // namespace reverie::gateway
