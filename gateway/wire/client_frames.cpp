#include "gateway/wire/client_frames.hpp"

#include "gateway/wire/json_input.hpp"
#include "gateway/wire/text_checks.hpp"

#include "events/model/limits.hpp"

#include <array>
#include <utility>

namespace reverie::gateway {

using nlohmann::json;

namespace {

using kind = client_frame_kind;

constexpr std::array<std::pair<std::string_view, kind>, 11> kinds{{{"authenticate", kind::authenticate},
                                                                   {"message.send", kind::message_send},
                                                                   {"subscribe", kind::subscribe},
                                                                   {"reply.stop", kind::reply_stop},
                                                                   {"message.edit", kind::message_edit},
                                                                   {"message.delete", kind::message_delete},
                                                                   {"message.regenerate", kind::message_regenerate},
                                                                   {"branch.select", kind::branch_select},
                                                                   {"read", kind::read},
                                                                   {"typing", kind::typing},
                                                                   {"ping", kind::ping}}};

std::optional<kind> kind_named(std::string_view name) {
  for (const auto& [known, value] : kinds) {
    if (known == name) return value;
  }
  return std::nullopt;
}

bool needs_content(kind of) { return of == kind::message_send || of == kind::message_edit || of == kind::authenticate; }

bool needs_message(kind of) {
  return of == kind::message_edit || of == kind::message_delete || of == kind::message_regenerate || of == kind::branch_select ||
         of == kind::read;
}

bool needs_conversation(kind of) {
  return needs_message(of) || of == kind::subscribe || of == kind::reply_stop || of == kind::typing;
}

result<void> read_metadata(client_frame& frame, const json& metadata) {
  auto conversation = optional_uuid(metadata, "conversation_id");
  auto character = optional_uuid(metadata, "character_id");
  auto message = optional_uuid(metadata, "message_id");
  auto client_message = optional_uuid(metadata, "client_message_id");
  auto after = optional_text(metadata, "after", 64);
  for (auto* id : {&conversation, &character, &message, &client_message}) {
    if (!*id) return std::unexpected(id->error());
  }
  if (!after) return std::unexpected(after.error());
  if (*conversation) frame.conversation = events::session_id{**conversation};
  if (*character) frame.character = events::character_id{**character};
  if (*message) frame.message = events::message_id{**message};
  frame.client_message = *client_message;
  if (*after && !(*after)->empty()) {
    frame.after = events::parse_entity_position(**after);
    if (!frame.after) return std::unexpected(validation_error("This is not a position.", "after"));
  }
  return {};
}

result<void> check_needs(const client_frame& frame) {
  if (needs_content(frame.kind) && frame.content.empty()) {
    return std::unexpected(validation_error("The text is missing.", "content"));
  }
  if (needs_conversation(frame.kind) && !frame.conversation) {
    return std::unexpected(validation_error("This field is required.", "conversation_id"));
  }
  if (needs_message(frame.kind) && !frame.message) {
    return std::unexpected(validation_error("This field is required.", "message_id"));
  }
  if (frame.kind == kind::message_send && !frame.conversation && !frame.character) {
    return std::unexpected(validation_error("Name a conversation or a character.", "conversation_id"));
  }
  return {};
}

result<client_frame> read_frame(const json& object) {
  auto type = object.find("type");
  if (type == object.end() || !type->is_string()) {
    return std::unexpected(validation_error("A frame needs a type.", "type"));
  }
  auto known = kind_named(type->get_ref<const std::string&>());
  if (!known) return std::unexpected(validation_error("This type of frame is not known.", "type"));

  client_frame frame;
  frame.kind = *known;
  auto content = optional_text(object, "content", events::limits::message_bytes);
  if (!content) return std::unexpected(std::move(content.error()));
  if (*content) frame.content = std::move(**content);
  if (auto metadata = object.find("metadata"); metadata != object.end() && !metadata->is_null()) {
    if (!metadata->is_object()) return std::unexpected(validation_error("This must be an object.", "metadata"));
    if (auto read = read_metadata(frame, *metadata); !read) return std::unexpected(std::move(read.error()));
  }
  if (auto checked = check_needs(frame); !checked) return std::unexpected(std::move(checked.error()));
  return frame;
}

/// The client's own id of what it tried, for the error frame; only what is short enough to be sent back.
std::string client_message_text(const json& object) {
  auto metadata = object.find("metadata");
  if (metadata == object.end() || !metadata->is_object()) return {};
  auto id = metadata->find("client_message_id");
  if (id == metadata->end() || !id->is_string()) return {};
  return std::string(cut_at_character(id->get_ref<const std::string&>(), 64));
}

} // namespace

std::expected<client_frame, frame_refusal> parse_client_frame(std::string_view text) {
  auto parsed = parse_json(text);
  if (!parsed && is_json(text)) {
    return std::unexpected(frame_refusal{validation_error("This nests too deeply to be read.", "metadata"), {}, false});
  }
  if (!parsed) return std::unexpected(frame_refusal{validation_error("This is not JSON.", "frame"), {}, true});
  if (!parsed->is_object()) {
    return std::unexpected(frame_refusal{validation_error("A frame must be a JSON object.", "frame"), {}, false});
  }
  auto frame = read_frame(*parsed);
  if (!frame) return std::unexpected(frame_refusal{std::move(frame.error()), client_message_text(*parsed), false});
  return std::move(*frame);
}

} // namespace reverie::gateway
