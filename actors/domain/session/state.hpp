#pragma once

#include "events/model/field.hpp"
#include "events/model/ids.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace reverie::actors::session {

using events::field;
using events::message_id;
using events::sequence_number;

enum class role : std::uint8_t { user = 1, character = 2 };

enum class node_state : std::uint8_t { complete = 1, failed, stopped, generating };

/// A message in the tree; its text lies in the log, at `text_at`.
struct node {
  std::optional<message_id> parent;
  role by = role::user;
  node_state state = node_state::complete;
  std::uint32_t attempt = 0;   ///< of a reply, the last one
  sequence_number created{};   ///< of the event that put it into the tree: the newest below a message is a leaf
  sequence_number text_at{};   ///< of the event that holds its text; 0 while there is none

  static constexpr auto fields =
      std::tuple{field("parent_id", &node::parent), field("role", &node::by),          field("state", &node::state),
                 field("attempt", &node::attempt),  field("created", &node::created), field("text_at", &node::text_at)};
  friend bool operator==(const node&, const node&) = default;
};

/// The reply under way.
struct open_turn {
  message_id reply{};
  message_id parent{};
  std::uint32_t attempt = 1;

  static constexpr auto fields = std::tuple{field("message_id", &open_turn::reply), field("parent_id", &open_turn::parent),
                                            field("attempt", &open_turn::attempt)};
  friend bool operator==(const open_turn&, const open_turn&) = default;
};

/// A text of the active branch that is kept for prompts.
struct recent_text {
  message_id message{};
  std::string text;
  std::vector<events::memory_id> recalled = {}; ///< of a reply: memories that stood in its prompt

  static constexpr auto fields = std::tuple{field("message_id", &recent_text::message), field("text", &recent_text::text),
                                            field("recalled_ids", &recent_text::recalled)};
  friend bool operator==(const recent_text&, const recent_text&) = default;
};

/// A client's own id of a message, and a hash of what it sent under it.
struct client_send {
  message_id message{};
  std::uint64_t content_hash = 0;

  static constexpr auto fields =
      std::tuple{field("message_id", &client_send::message), field("content_hash", &client_send::content_hash)};
  friend bool operator==(const client_send&, const client_send&) = default;
};

/// Of what a fork is a copy.
struct fork_mark {
  events::session_id origin{};
  sequence_number origin_sequence{}; ///< the numbering of its messages goes on from here
  events::timestamp origin_at{};
  std::string model; ///< what answers; empty: the server's own

  static constexpr auto fields = std::tuple{field("origin_id", &fork_mark::origin), field("origin_sequence", &fork_mark::origin_sequence),
                                            field("origin_at", &fork_mark::origin_at), field("model", &fork_mark::model)};
  friend bool operator==(const fork_mark&, const fork_mark&) = default;
};

/// A conversation, as far as decisions and prompts need to know. The tree holds no texts but the recent ones of the active branch
/// (limits::prompt_turns_kept_per_session, prompt_turn_bytes_kept_per_session): the rest is read again from the log by sequence.
struct state {
  bool opened = false;
  bool closed = false;
  events::user_id user{};
  events::character_id character{};
  std::uint32_t card_version = 1;
  std::map<message_id, node> nodes;
  std::optional<message_id> leaf; ///< end of the active branch
  std::optional<open_turn> turn;
  std::vector<message_id> waiting; ///< user messages that came while a reply was running, oldest first
  std::optional<message_id> read;
  std::vector<recent_text> recent; ///< oldest first
  std::map<events::uuid, client_send> client_sends;
  std::optional<fork_mark> fork; ///< set in a forked session alone

  static constexpr std::uint32_t schema_version = 1;
  static constexpr auto fields = std::tuple{
      field("opened", &state::opened),   field("closed", &state::closed),
      field("user_id", &state::user),    field("character_id", &state::character),
      field("card_version", &state::card_version), field("nodes", &state::nodes),
      field("leaf_id", &state::leaf),    field("turn", &state::turn),
      field("waiting", &state::waiting), field("read_id", &state::read),
      field("recent", &state::recent),   field("client_sends", &state::client_sends),
      field("fork", &state::fork)};
  friend bool operator==(const state&, const state&) = default;
};

} // namespace reverie::actors::session
