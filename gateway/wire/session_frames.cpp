#include "gateway/wire/session_frames.hpp"

#include "gateway/wire/json_object.hpp"
#include "gateway/wire/server_frames.hpp"

namespace reverie::gateway {

namespace session = events::session;

namespace {

/// Turns one event into at most one frame.
class frame_maker {
public:
  explicit frame_maker(const events::event_context& context)
      : context_(context), conversation_{context.entity.entity.id}, place_{context.position, context.sequence} {}

  std::optional<session_frame> operator()(const session::opened& event) const {
    if (event.greeting.is_nil() || event.greeting_text.empty()) return std::nullopt;
    return message(event.greeting, std::nullopt, "character", event.greeting_text, std::nullopt);
  }
  std::optional<session_frame> operator()(const session::message_sent& event) const {
    return message(event.message, event.parent, "user", event.content, event.client_message);
  }
  std::optional<session_frame> operator()(const session::reply_started& event) const {
    return session_frame{place_,
                         reply_started_frame(conversation_, event.reply, event.parent, event.attempt, place_),
                         reply_step::started, event.reply, event.attempt};
  }
  std::optional<session_frame> operator()(const session::reply_completed& event) const {
    auto out = begin("reply.completed", event.content);
    {
      json_object metadata(out);
      metadata.id("conversation_id", conversation_).id("message_id", event.reply).count("attempt", event.attempt);
      metadata.text("finish_reason", event.finish_reason).text("model", event.model);
      json_object(metadata.key("usage"))
          .count("prompt_tokens", event.usage.prompt_tokens)
          .count("completion_tokens", event.usage.completion_tokens);
      metadata.time("created_at", context_.at).position("position", place_);
    }
    return session_frame{place_, out + "}", reply_step::ended, event.reply, event.attempt};
  }
  std::optional<session_frame> operator()(const session::reply_failed& event) const {
    auto out = begin("reply.failed", event.message);
    json_object(out)
        .id("conversation_id", conversation_)
        .id("message_id", event.reply)
        .count("attempt", event.attempt)
        .text("code", event.code)
        .boolean("retryable", event.retryable)
        .position("position", place_);
    return session_frame{place_, out + "}", reply_step::ended, event.reply, event.attempt};
  }
  std::optional<session_frame> operator()(const session::message_edited& event) const {
    auto out = begin("message.edited", event.content);
    json_object(out)
        .id("conversation_id", conversation_)
        .id("message_id", event.message)
        .id("replaces_id", event.replaces)
        .text("role", "user")
        .time("created_at", context_.at)
        .position("position", place_);
    return plain(out + "}");
  }
  std::optional<session_frame> operator()(const session::message_deleted& event) const {
    auto out = begin("message.deleted", "");
    json_object(out)
        .id("conversation_id", conversation_)
        .id("message_id", event.message)
        .ids("removed_ids", event.removed)
        .id("leaf_id", event.leaf)
        .position("position", place_);
    return plain(out + "}");
  }
  std::optional<session_frame> operator()(const session::branch_selected& event) const {
    auto out = begin("branch.selected", "");
    json_object(out).id("conversation_id", conversation_).id("leaf_id", event.leaf).position("position", place_);
    return plain(out + "}");
  }
  std::optional<session_frame> operator()(const session::read_marked& event) const {
    auto out = begin("read", "");
    json_object(out).id("conversation_id", conversation_).id("message_id", event.message).position("position", place_);
    return plain(out + "}");
  }
  std::optional<session_frame> operator()(const session::closed&) const {
    auto out = begin("conversation.closed", "");
    json_object(out).id("conversation_id", conversation_).position("position", place_);
    return plain(out + "}");
  }
  template <class Other>
  std::optional<session_frame> operator()(const Other&) const {
    return std::nullopt;
  }

private:
  static std::string begin(std::string_view type, std::string_view content) {
    std::string out = R"({"type":")";
    out += type;
    out += R"(","content":)";
    events::append_json_string(out, content);
    out += R"(,"metadata":)";
    return out;
  }
  session_frame plain(std::string text) const { return {place_, std::move(text)}; }
  session_frame message(events::message_id id, std::optional<events::message_id> parent, std::string_view role,
                        std::string_view content, const std::optional<events::uuid>& client_message) const {
    auto out = begin("message", content);
    {
      json_object metadata(out);
      metadata.id("conversation_id", conversation_).id("message_id", id).id("parent_id", parent).text("role", role);
      metadata.time("created_at", context_.at).position("position", place_);
      if (client_message) metadata.uuid("client_message_id", *client_message);
    }
    return plain(out + "}");
  }

  const events::event_context& context_;
  events::session_id conversation_;
  events::entity_position place_;
};

} // namespace

std::vector<session_frame> frames_of(std::span<const events::recorded_event> record) {
  std::vector<session_frame> frames;
  for (const auto& happened : record) {
    if (happened.context.entity.entity.kind != events::entity_kind::session) continue;
    if (auto frame = std::visit(frame_maker(happened.context), happened.payload)) frames.push_back(std::move(*frame));
  }
  return frames;
}

std::optional<events::user_id> opened_for(std::span<const events::recorded_event> record) {
  for (const auto& happened : record) {
    if (const auto* opened = std::get_if<session::opened>(&happened.payload)) return opened->user;
  }
  return std::nullopt;
}

} // namespace reverie::gateway
