#pragma once

#include "gateway/bridge/account_service.hpp"
#include "gateway/bridge/chat_service.hpp"
#include "gateway/bridge/live_feed.hpp"
#include "gateway/bridge/live_hub.hpp"
#include "gateway/wire/client_frames.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace reverie::gateway {

/// Close codes of wire.md section 3.
enum class close_code : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  not_text = 1003,
  not_json = 1007,
  too_big = 1009,
  not_signed_in = 4001,
  too_slow = 4008,
  too_many_connections = 4009,
  too_many_messages = 4029,
};

/// The socket as the connection sees it; all calls on the connection's io thread.
class chat_transport {
public:
  virtual ~chat_transport() = default;
  /// Queues frames; over its limit the transport closes with 4008 by itself.
  virtual void send(const live_feed::frames& frames) = 0;
  virtual void close(close_code code, std::string_view reason) = 0;
  virtual bool is_open() const = 0;
  /// Comes back when most of what is queued was written.
  virtual task<void> drained() = 0;
};

/// What connections share.
struct chat_context {
  gateway_ports& ports;
  account_service& accounts;
  chat_service& chats;
  command_gate& commands;
  live_hub& hub;
  std::size_t connections_per_user;
  std::uint32_t frames_per_minute;
  std::uint32_t heartbeat_s;
};

/// One WebSocket of a person: frames in, commands out; updates in, frames out. Lives on one io thread and is an actor in all but the
/// framework: it owns its state, and everything reaches it as a message posted to that thread.
class chat_connection : public live_member, public std::enable_shared_from_this<chat_connection> {
public:
  chat_connection(chat_context& context, chat_transport& transport, boost::asio::any_io_executor executor, std::size_t lane);

  /// Signed in by the upgrade's header.
  task<void> start(principal who);
  bool signed_in() const { return membership_ != nullptr; }
  events::user_id user() const { return who_.user; }

  /// A text frame; frames of one connection come one after the other.
  task<void> on_frame(std::string_view text);
  void on_live(const shared_batch& batch) override;
  void on_signed_out(const events::uuid& sign_in) override;
  /// The transport is gone or going.
  void stop();

private:
  task<void> authenticate(std::string credential);
  task<void> dispatch(client_frame frame);
  task<void> send_message(client_frame frame);
  void submit(const client_frame& frame, actors::session::command command);
  void give(const client_frame& frame, actors::command_envelope envelope);
  void stop_reply(const client_frame& frame);
  task<void> tell_typing(client_frame frame);
  task<result<void>> check_own(events::session_id conversation);
  bool is_over_rate(const client_frame& frame);
  void await_expiry();
  bool end_when_expired();
  void begin_subscribe(const client_frame& frame);
  task<void> catch_up(events::session_id conversation, std::optional<events::entity_position> after);
  task<result<std::uint64_t>> replay(events::session_id conversation, std::optional<events::entity_position> after);
  task<std::uint64_t> send_page(events::session_id conversation, const std::vector<actors::shared_update>& page);
  /// The refusal of a position, with where the conversation stands.
  task<api_error> not_in_log(events::session_id conversation);
  /// Whether a client can have got this position in this conversation: same partition, not beyond what is applied.
  bool is_known(const events::log_position& position, const std::optional<events::entity_position>& of_conversation) const;
  task<std::optional<events::entity_position>> live_end(events::session_id conversation);

  void reply(const std::string& json);
  void refuse(const api_error& error, std::string_view client_message_id, const std::optional<events::session_id>& conversation);
  void refuse(const api_error& error, const client_frame& frame);
  void answered(const std::optional<events::uuid>& client_message, events::session_id conversation,
                const result<actors::command_answer>& answer);

  chat_context& context_;
  chat_transport* transport_; ///< null after stop
  boost::asio::any_io_executor executor_;
  std::size_t lane_;
  events::uuid id_;
  principal who_;
  std::unique_ptr<membership> membership_;
  live_feed feed_;
  token_bucket frames_;
  std::unique_ptr<boost::asio::steady_timer> expiry_; ///< of the token; none for API keys
  std::uint32_t refused_in_a_row_ = 0;
};

} // namespace reverie::gateway
