#include "gateway/wire/server_frames.hpp"

#include "gateway/wire/json_object.hpp"

namespace reverie::gateway {

namespace {

/// Begins `{"type":…,"content":…,"metadata":`; the caller writes the object and the last brace.
std::string begin_frame(std::string_view type, std::string_view content) {
  std::string out;
  out.reserve(content.size() + 256);
  out += R"({"type":")";
  out += type;
  out += R"(","content":)";
  events::append_json_string(out, content);
  out += R"(,"metadata":)";
  return out;
}

} // namespace

std::string ready_frame(events::user_id user, const events::uuid& connection, std::uint32_t heartbeat_s) {
  auto out = begin_frame("ready", "");
  json_object(out).id("user_id", user).uuid("connection_id", connection).count("heartbeat_s", heartbeat_s);
  return out + "}";
}

std::string ack_frame(const acknowledgement& ack) {
  auto out = begin_frame("ack", "");
  {
    json_object metadata(out);
    if (ack.client_message) metadata.uuid("client_message_id", *ack.client_message);
    else metadata.null("client_message_id");
    metadata.id("conversation_id", ack.conversation);
    if (ack.message.is_nil()) metadata.null("message_id");
    else metadata.uuid("message_id", ack.message);
    if (ack.position) metadata.position("position", *ack.position);
    else metadata.null("position");
  }
  return out + "}";
}

std::string subscribed_frame(events::session_id conversation, const std::optional<events::entity_position>& position,
                             std::uint64_t replayed) {
  auto out = begin_frame("subscribed", "");
  {
    json_object metadata(out);
    metadata.id("conversation_id", conversation);
    if (position) metadata.position("position", *position);
    else metadata.null("position");
    metadata.count("replayed", replayed);
  }
  return out + "}";
}

std::string pong_frame() { return R"({"type":"pong","content":"","metadata":{}})"; }

std::string typing_frame(events::session_id conversation, std::string_view role) {
  auto out = begin_frame("typing", "");
  json_object(out).id("conversation_id", conversation).text("role", role);
  return out + "}";
}

std::string error_frame(const api_error& error, std::string_view request_id, std::string_view client_message_id,
                        const std::optional<events::session_id>& conversation) {
  auto out = begin_frame("error", error.message);
  out += '{';
  append_error_fields(out, error, request_id);
  if (!client_message_id.empty()) {
    out += R"(,"client_message_id":)";
    events::append_json_string(out, client_message_id);
  }
  if (conversation) {
    out += R"(,"conversation_id":)";
    events::append_json_uuid(out, conversation->value);
  }
  if (error.retry_after) {
    out += R"(,"retry_after_s":)";
    events::append_json_number(out, retry_after_seconds(*error.retry_after));
  }
  return out + "}}";
}

std::string reply_started_frame(events::session_id conversation, events::message_id reply, events::message_id parent,
                                std::uint32_t attempt, const events::entity_position& position) {
  auto out = begin_frame("reply.started", "");
  json_object(out)
      .id("conversation_id", conversation)
      .id("message_id", reply)
      .id("parent_id", parent)
      .count("attempt", attempt)
      .position("position", position);
  return out + "}";
}

std::string reply_delta_frame(events::session_id conversation, events::message_id reply, std::uint32_t attempt, std::uint32_t index,
                              std::string_view text) {
  auto out = begin_frame("reply.delta", text);
  json_object(out)
      .id("conversation_id", conversation)
      .id("message_id", reply)
      .count("attempt", attempt)
      .count("index", index);
  return out + "}";
}

std::string with_websocket_header(std::string_view payload) {
  std::string out;
  out.reserve(payload.size() + 10);
  out.push_back(static_cast<char>(0x81)); // final, text
  auto size = payload.size();
  if (size < 126) {
    out.push_back(static_cast<char>(size));
  } else if (size <= 0xFFFF) {
    out.push_back(static_cast<char>(126));
    out.push_back(static_cast<char>(size >> 8));
    out.push_back(static_cast<char>(size & 0xFF));
  } else {
    out.push_back(static_cast<char>(127));
    for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>((size >> shift) & 0xFF));
  }
  out += payload;
  return out;
}

} // namespace reverie::gateway
