#pragma once

#include "events/model/field.hpp"
#include "events/model/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What can happen to a `session` (a conversation). Numbers 200 to 299.
namespace reverie::events::session {

struct opened {
  static constexpr std::string_view name = "session.opened";
  static constexpr unsigned number = 200, version = 1;

  session_id session;
  user_id user;
  character_id character;
  std::uint32_t card_version = 1; ///< the character's card this conversation keeps
  message_id greeting;            ///< id of the character's first message; nil when there is none
  std::string greeting_text;

  static constexpr auto fields = std::tuple{field("session_id", &opened::session),
                                            field("user_id", &opened::user),
                                            field("character_id", &opened::character),
                                            field("card_version", &opened::card_version),
                                            field("greeting_id", &opened::greeting),
                                            personal("greeting", &opened::greeting_text)};
  friend bool operator==(const opened&, const opened&) = default;
};

struct message_sent {
  static constexpr std::string_view name = "session.message_sent";
  static constexpr unsigned number = 201, version = 1;

  message_id message;
  std::optional<message_id> parent;
  std::string content;
  std::optional<uuid> client_message;

  static constexpr auto fields = std::tuple{field("message_id", &message_sent::message),
                                            field("parent_id", &message_sent::parent),
                                            personal("content", &message_sent::content),
                                            field("client_message_id", &message_sent::client_message)};
  friend bool operator==(const message_sent&, const message_sent&) = default;
};

/// A reply was asked for: one at a time per conversation; it answers all user messages that waited.
struct reply_started {
  static constexpr std::string_view name = "session.reply_started";
  static constexpr unsigned number = 202, version = 1;

  message_id reply;
  message_id parent; ///< the last message it answers
  std::uint32_t attempt = 1;

  static constexpr auto fields = std::tuple{field("message_id", &reply_started::reply),
                                            field("parent_id", &reply_started::parent),
                                            field("attempt", &reply_started::attempt)};
  friend bool operator==(const reply_started&, const reply_started&) = default;
};

/// Tokens as the model counted them.
struct token_usage {
  std::uint32_t prompt_tokens = 0;
  std::uint32_t completion_tokens = 0;

  static constexpr auto fields = std::tuple{field("prompt_tokens", &token_usage::prompt_tokens),
                                            field("completion_tokens", &token_usage::completion_tokens)};
  friend bool operator==(const token_usage&, const token_usage&) = default;
};

struct reply_completed {
  static constexpr std::string_view name = "session.reply_completed";
  static constexpr unsigned number = 203, version = 1;

  message_id reply;
  std::uint32_t attempt = 1;
  std::string content;
  std::string finish_reason; ///< stop, length, stopped
  std::string model;
  token_usage usage;
  std::string manifest_json; ///< which pieces made the prompt: kinds, ids, hashes, scores, what was cut
  std::vector<memory_id> recalled = {}; ///< memories that stood in the prompt: forgetting one takes this reply out of recall and prompts too

  static constexpr auto fields = std::tuple{field("message_id", &reply_completed::reply),
                                            field("attempt", &reply_completed::attempt),
                                            personal("content", &reply_completed::content),
                                            field("finish_reason", &reply_completed::finish_reason),
                                            field("model", &reply_completed::model),
                                            field("usage", &reply_completed::usage),
                                            personal("manifest", &reply_completed::manifest_json),
                                            field("recalled_ids", &reply_completed::recalled)};
  friend bool operator==(const reply_completed&, const reply_completed&) = default;
};

struct reply_failed {
  static constexpr std::string_view name = "session.reply_failed";
  static constexpr unsigned number = 204, version = 1;

  message_id reply;
  std::uint32_t attempt = 1;
  std::string code;    ///< model_unavailable, model_timed_out, model_refused, internal_error
  std::string message; ///< a sentence for the user
  bool retryable = true;

  static constexpr auto fields = std::tuple{field("message_id", &reply_failed::reply),
                                            field("attempt", &reply_failed::attempt),
                                            field("code", &reply_failed::code),
                                            field("message", &reply_failed::message),
                                            field("retryable", &reply_failed::retryable)};
  friend bool operator==(const reply_failed&, const reply_failed&) = default;
};

/// The user rewrote a message: a sibling of the old one under the same parent, now on the active branch.
struct message_edited {
  static constexpr std::string_view name = "session.message_edited";
  static constexpr unsigned number = 205, version = 1;

  message_id message;  ///< the new sibling
  message_id replaces; ///< the old one, which stays in the tree
  std::string content;

  static constexpr auto fields = std::tuple{field("message_id", &message_edited::message),
                                            field("replaces_id", &message_edited::replaces),
                                            personal("content", &message_edited::content)};
  friend bool operator==(const message_edited&, const message_edited&) = default;
};

/// A message and what hangs below it left the conversation.
struct message_deleted {
  static constexpr std::string_view name = "session.message_deleted";
  static constexpr unsigned number = 206, version = 1;

  message_id message;
  std::vector<message_id> removed; ///< the message and all below it
  std::optional<message_id> leaf;  ///< end of the active branch afterwards

  static constexpr auto fields = std::tuple{field("message_id", &message_deleted::message),
                                            field("removed_ids", &message_deleted::removed),
                                            field("leaf_id", &message_deleted::leaf)};
  friend bool operator==(const message_deleted&, const message_deleted&) = default;
};

struct branch_selected {
  static constexpr std::string_view name = "session.branch_selected";
  static constexpr unsigned number = 207, version = 1;

  message_id leaf; ///< end of the branch that is active now

  static constexpr auto fields = std::tuple{field("leaf_id", &branch_selected::leaf)};
  friend bool operator==(const branch_selected&, const branch_selected&) = default;
};

struct read_marked {
  static constexpr std::string_view name = "session.read_marked";
  static constexpr unsigned number = 208, version = 1;

  message_id message;

  static constexpr auto fields = std::tuple{field("message_id", &read_marked::message)};
  friend bool operator==(const read_marked&, const read_marked&) = default;
};

struct closed {
  static constexpr std::string_view name = "session.closed";
  static constexpr unsigned number = 209, version = 1;

  session_id session;

  static constexpr auto fields = std::tuple{field("session_id", &closed::session)};
  friend bool operator==(const closed&, const closed&) = default;
};

/// A message that a fork begins with, as it stood in the conversation it is a copy of.
struct copied_message {
  message_id message;
  std::optional<message_id> parent;
  std::string role;  ///< user, character
  std::string state; ///< complete, failed, stopped
  std::uint32_t attempt = 0;
  sequence_number created{}; ///< of the event that put it there: the order of messages
  timestamp at{};
  std::string content;
  std::vector<memory_id> recalled = {};

  static constexpr auto fields =
      std::tuple{field("message_id", &copied_message::message), field("parent_id", &copied_message::parent),
                 field("role", &copied_message::role),          field("state", &copied_message::state),
                 field("attempt", &copied_message::attempt),    field("created", &copied_message::created),
                 field("at", &copied_message::at),              field("content", &copied_message::content),
                 field("recalled_ids", &copied_message::recalled)};
  friend bool operator==(const copied_message&, const copied_message&) = default;
};

/// An operator copied a conversation as it was after one of its events, to continue it apart. What a `forked_session` begins with: once, or
/// as often as its texts need, and only the last one names the leaf. Nothing that follows reaches the person or the conversation it came from.
struct forked {
  static constexpr std::string_view name = "session.forked";
  static constexpr unsigned number = 210, version = 1;

  session_id session; ///< the fork
  user_id user;
  character_id character;
  std::uint32_t card_version = 1;
  session_id origin;
  sequence_number origin_sequence{}; ///< the last event of the origin that the copy holds
  timestamp origin_at{};
  std::string model; ///< what answers in the fork; empty: the server's own
  std::optional<message_id> leaf;
  std::vector<copied_message> messages; ///< parents before what hangs below them

  static constexpr auto fields = std::tuple{
      field("session_id", &forked::session),           field("user_id", &forked::user),
      field("character_id", &forked::character),       field("card_version", &forked::card_version),
      field("origin_id", &forked::origin),             field("origin_sequence", &forked::origin_sequence),
      field("origin_at", &forked::origin_at),          field("model", &forked::model),
      field("leaf_id", &forked::leaf),                 personal("messages", &forked::messages)};
  friend bool operator==(const forked&, const forked&) = default;
};

} // namespace reverie::events::session
