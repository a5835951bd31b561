#pragma once

#include "events/model/session_events.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace reverie::actors::session {

using events::field;
using events::message_id;

/// Sent by the bond (as an effect) and by the gateway that asked the bond; both carry the same command id, so it is done once.
struct open {
  static constexpr std::string_view name = "session.open";
  events::user_id user;
  events::character_id character;
  std::uint32_t card_version = 1;
  std::string greeting; ///< with {{user}} and {{char}} replaced; empty for none
  static constexpr auto fields = std::tuple{field("user_id", &open::user), field("character_id", &open::character),
                                            field("card_version", &open::card_version), field("greeting", &open::greeting)};
};

/// Accepted at once, also while a reply is running; what waited is answered together by the next turn.
struct send_message {
  static constexpr std::string_view name = "session.send_message";
  std::string content;
  std::optional<events::uuid> client_message;
  static constexpr auto fields =
      std::tuple{field("content", &send_message::content), field("client_message_id", &send_message::client_message)};
};

struct edit_message {
  static constexpr std::string_view name = "session.edit_message";
  message_id message;
  std::string content;
  static constexpr auto fields = std::tuple{field("message_id", &edit_message::message), field("content", &edit_message::content)};
};

struct delete_message {
  static constexpr std::string_view name = "session.delete_message";
  message_id message;
  static constexpr auto fields = std::tuple{field("message_id", &delete_message::message)};
};

/// Another reply to the same parent (a sibling), or a new attempt at one that failed.
struct regenerate {
  static constexpr std::string_view name = "session.regenerate";
  message_id message; ///< the reply to be replaced, or the user message to be answered
  static constexpr auto fields = std::tuple{field("message_id", &regenerate::message)};
};

struct select_branch {
  static constexpr std::string_view name = "session.select_branch";
  message_id message; ///< the branch through this message, down to its newest leaf
  static constexpr auto fields = std::tuple{field("message_id", &select_branch::message)};
};

struct mark_read {
  static constexpr std::string_view name = "session.mark_read";
  message_id message;
  static constexpr auto fields = std::tuple{field("message_id", &mark_read::message)};
};

struct close {
  static constexpr std::string_view name = "session.close";
  static constexpr auto fields = std::tuple<>{};
};

/// From the generation effect: the reply is whole (`stop`, `length`), or the user stopped it (`stopped`, text so far).
struct complete_reply {
  static constexpr std::string_view name = "session.complete_reply";
  message_id reply;
  std::uint32_t attempt = 1;
  std::string content;
  std::string finish_reason;
  std::string model;
  events::session::token_usage usage;
  std::string manifest_json;
  std::vector<events::memory_id> recalled = {}; ///< memories that stood in the prompt
  static constexpr auto fields = std::tuple{field("message_id", &complete_reply::reply),
                                            field("attempt", &complete_reply::attempt),
                                            field("content", &complete_reply::content),
                                            field("finish_reason", &complete_reply::finish_reason),
                                            field("model", &complete_reply::model),
                                            field("usage", &complete_reply::usage),
                                            field("manifest", &complete_reply::manifest_json),
                                            field("recalled_ids", &complete_reply::recalled)};
};

struct fail_reply {
  static constexpr std::string_view name = "session.fail_reply";
  message_id reply;
  std::uint32_t attempt = 1;
  std::string code;
  std::string message;
  bool retryable = true;
  static constexpr auto fields =
      std::tuple{field("message_id", &fail_reply::reply), field("attempt", &fail_reply::attempt), field("code", &fail_reply::code),
                 field("message", &fail_reply::message), field("retryable", &fail_reply::retryable)};
};

/// From a new owner that finds a reply under way: starts the next attempt and says so.
struct restart_reply {
  static constexpr std::string_view name = "session.restart_reply";
  message_id reply;
  std::uint32_t attempt_before = 1;
  static constexpr auto fields =
      std::tuple{field("message_id", &restart_reply::reply), field("attempt_before", &restart_reply::attempt_before)};
};

/// From an operator: an empty forked session becomes the copy that the event describes.
struct fork {
  static constexpr std::string_view name = "session.fork";
  events::session::forked copy;
  static constexpr auto fields = std::tuple{field("copy", &fork::copy)};
};

using command = std::variant<open, send_message, edit_message, delete_message, regenerate, select_branch, mark_read, close,
                             complete_reply, fail_reply, restart_reply, fork>;

} // namespace reverie::actors::session
