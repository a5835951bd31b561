#include "gateway/bridge/chat_connection.hpp"

#include "gateway/bridge/entity_addresses.hpp"
#include "gateway/bridge/fresh_ids.hpp"
#include "gateway/wire/server_frames.hpp"

#include "events/model/limits.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace reverie::gateway {

namespace session = actors::session;
using kind = client_frame_kind;

chat_connection::chat_connection(chat_context& context, chat_transport& transport, boost::asio::any_io_executor executor,
                                 std::size_t lane)
    : context_(context), transport_(&transport), executor_(std::move(executor)), lane_(lane), id_(fresh_uuid(context.ports.now())) {}

void chat_connection::stop() {
  membership_.reset();
  expiry_.reset();
  transport_ = nullptr;
}

void chat_connection::reply(const std::string& json) {
  if (transport_ != nullptr) transport_->send({plain_item(json)});
}

void chat_connection::refuse(const api_error& error, std::string_view client_message_id,
                             const std::optional<events::session_id>& conversation) {
  reply(error_frame(error, to_string(fresh_uuid(context_.ports.now())), client_message_id, conversation));
}

void chat_connection::refuse(const api_error& error, const client_frame& frame) {
  refuse(error, frame.client_message ? to_string(*frame.client_message) : std::string(), frame.conversation);
}

task<void> chat_connection::start(principal who) {
  auto self = shared_from_this();
  if (auto ready = co_await context_.commands.ready_for(who.user); !ready && ready.error().status == 401) {
    refuse(ready.error(), "", std::nullopt);
    if (transport_ != nullptr) transport_->close(close_code::not_signed_in, "not signed in");
    co_return;
  }
  if (transport_ == nullptr) co_return;
  who_ = std::move(who);
  membership_ = context_.hub.join(who_.user, lane_, this, context_.connections_per_user);
  if (!membership_) {
    transport_->close(close_code::too_many_connections, "too many connections");
    co_return;
  }
  await_expiry();
  reply(ready_frame(who_.user, id_, context_.heartbeat_s));
}

/// A connection lives no longer than what signed it in; a client goes on by a fresh `authenticate` before that.
void chat_connection::await_expiry() {
  expiry_.reset();
  if (!who_.expires_at) return;
  auto left = std::max(std::chrono::milliseconds{0}, std::chrono::duration_cast<std::chrono::milliseconds>(*who_.expires_at - context_.ports.now()));
  expiry_ = std::make_unique<boost::asio::steady_timer>(executor_, left);
  expiry_->async_wait([weak = weak_from_this()](boost::system::error_code cancelled) {
    auto self = weak.lock();
    if (cancelled || !self || self->transport_ == nullptr || self->end_when_expired()) return;
    self->await_expiry(); // the clock was set back, or the token was replaced as the timer ran out
  });
}

bool chat_connection::end_when_expired() {
  if (!who_.expires_at || *who_.expires_at > context_.ports.now()) return false;
  refuse(authentication_error("token_expired", "The access token has expired."), "", std::nullopt);
  transport_->close(close_code::not_signed_in, "the token has expired");
  return true;
}

void chat_connection::on_signed_out(const events::uuid& sign_in) {
  if (transport_ != nullptr && !sign_in.is_nil() && who_.sign_in == sign_in) transport_->close(close_code::not_signed_in, "signed out");
}

task<void> chat_connection::authenticate(std::string credential) {
  auto self = shared_from_this();
  auto who = co_await context_.accounts.authenticate(std::move(credential));
  if (transport_ == nullptr) co_return;
  if (!who) {
    refuse(who.error(), "", std::nullopt);
    transport_->close(close_code::not_signed_in, "not signed in");
    co_return;
  }
  if (membership_ == nullptr) {
    co_await start(std::move(*who));
  } else if (who->user != who_.user) {
    refuse(permission_error("This connection belongs to somebody else."), "", std::nullopt);
  } else {
    who_ = std::move(*who);
    await_expiry();
    reply(ready_frame(who_.user, id_, context_.heartbeat_s));
  }
}

task<void> chat_connection::on_frame(std::string_view text) {
  if (transport_ == nullptr) co_return;
  if (frames_.take(context_.frames_per_minute, context_.ports.now())) {
    transport_->close(close_code::too_many_messages, "too many frames");
    co_return;
  }
  auto frame = parse_client_frame(text);
  if (!frame) {
    if (frame.error().not_json) transport_->close(close_code::not_json, "not JSON");
    else refuse(frame.error().error, frame.error().client_message_id, std::nullopt);
    co_return;
  }
  if (frame->kind == kind::authenticate) {
    co_await authenticate(std::move(frame->content));
  } else if (membership_ == nullptr) {
    transport_->close(close_code::not_signed_in, "not signed in");
  } else if (!end_when_expired()) {
    co_await dispatch(std::move(*frame));
  }
}

task<void> chat_connection::dispatch(client_frame frame) {
  switch (frame.kind) {
  case kind::ping: reply(pong_frame()); co_return;
  case kind::typing: co_await tell_typing(std::move(frame)); co_return;
  case kind::subscribe: begin_subscribe(frame); co_return;
  case kind::reply_stop: stop_reply(frame); co_return;
  default: break;
  }
  if (!context_.commands.is_ready_for(who_.user)) {
    if (auto ready = co_await context_.commands.ready_for(who_.user); !ready) {
      refuse(ready.error(), frame);
      co_return;
    }
  }
  bool asks_for_a_reply = frame.kind == kind::message_send || frame.kind == kind::message_edit || frame.kind == kind::message_regenerate;
  if (asks_for_a_reply && is_over_rate(frame)) co_return;
  switch (frame.kind) {
  case kind::message_send: co_await send_message(std::move(frame)); break;
  case kind::message_edit: submit(frame, session::edit_message{*frame.message, frame.content}); break;
  case kind::message_delete: submit(frame, session::delete_message{*frame.message}); break;
  case kind::message_regenerate: submit(frame, session::regenerate{*frame.message}); break;
  case kind::branch_select: submit(frame, session::select_branch{*frame.message}); break;
  case kind::read: submit(frame, session::mark_read{*frame.message}); break;
  default: break;
  }
}

bool chat_connection::is_over_rate(const client_frame& frame) {
  auto over = context_.chats.over_rate(who_.user);
  if (!over) {
    refused_in_a_row_ = 0;
    return false;
  }
  refuse(*over, frame);
  if (++refused_in_a_row_ > context_.chats.messages_per_minute() && transport_ != nullptr) {
    transport_->close(close_code::too_many_messages, "too many messages");
  }
  return true;
}

task<void> chat_connection::send_message(client_frame frame) {
  auto content = std::move(frame.content);
  if (frame.conversation) {
    submit(frame, session::send_message{std::move(content), frame.client_message});
    co_return;
  }
  auto self = shared_from_this();
  auto sent = co_await context_.chats.send_to(who_.user, *frame.character, std::move(content), frame.client_message);
  if (transport_ == nullptr) co_return;
  if (sent) answered(frame.client_message, sent->conversation, sent->answer);
  else refuse(sent.error(), frame);
}

void chat_connection::submit(const client_frame& frame, session::command command) {
  give(frame, context_.commands.envelope(who_.user, address_of(who_.user, *frame.conversation), std::move(command),
                                         command_id_of(who_.user, frame.client_message)));
}

void chat_connection::give(const client_frame& frame, actors::command_envelope envelope) {
  context_.commands.submit_now(std::move(envelope), [weak = weak_from_this(), executor = executor_, client = frame.client_message,
                                                     conversation = *frame.conversation](result<actors::command_answer> answer) {
    boost::asio::post(executor, [weak, client, conversation, answer = std::move(answer)] {
      if (auto self = weak.lock()) self->answered(client, conversation, answer);
    });
  });
}

void chat_connection::answered(const std::optional<events::uuid>& client_message, events::session_id conversation,
                               const result<actors::command_answer>& answer) {
  if (answer) {
    reply(ack_frame({client_message, conversation, answer->subject, answer->place()}));
  } else {
    refuse(answer.error(), client_message ? to_string(*client_message) : std::string(), conversation);
  }
}

void chat_connection::stop_reply(const client_frame& frame) {
  context_.commands.stop_reply(
      *frame.conversation, who_.user,
      [weak = weak_from_this(), executor = executor_, client = frame.client_message,
       conversation = *frame.conversation](result<actors::command_answer> answer) {
        if (answer) return; // reply.completed tells it
        boost::asio::post(executor, [weak, client, conversation, answer = std::move(answer)] {
          if (auto self = weak.lock()) self->answered(client, conversation, answer);
        });
      });
}

task<void> chat_connection::tell_typing(client_frame frame) {
  auto self = shared_from_this();
  auto conversation = *frame.conversation;
  if (auto own = co_await check_own(conversation); !own) {
    refuse(own.error(), frame);
    co_return;
  }
  if (!membership_) co_return;
  auto position = membership_->hub().last_heard(conversation);
  if (!position) {
    position = co_await live_end(conversation);
    if (!membership_) co_return;
    membership_->hub().learn(conversation, position);
  }
  membership_->hub().broadcast({conversation, {plain_item(typing_frame(conversation, "user"))}});
  reply(ack_frame({frame.client_message, conversation, frame.message ? frame.message->value : events::uuid{}, position}));
}

void chat_connection::on_live(const shared_batch& batch) {
  if (transport_ == nullptr || !transport_->is_open()) return;
  live_feed::frames out;
  if (!feed_.take(*batch, out)) {
    transport_->close(close_code::too_slow, "too slow");
    return;
  }
  if (!out.empty()) transport_->send(out);
}

} // namespace reverie::gateway
