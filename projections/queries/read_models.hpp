#pragma once

#include "events/model/failure.hpp"
#include "events/model/entity_position.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What can be read (wire.md section 2). Values only; the gateway turns them into JSON.
namespace reverie::projections {

using events::outcome;
using events::timestamp;

/// `field:op:value` of a list call, already checked against the fields the list allows.
struct list_filter {
  std::string field;
  std::string op; ///< eq ne gt gte lt lte in like is_null is_not_null
  std::string value;
};

/// How a list is asked for.
struct list_request {
  std::vector<list_filter> filters;
  std::string sort_field;  ///< empty: the list's own order
  bool descending = false;
  std::uint32_t page = 1;
  std::uint32_t page_size = 20;
  std::string cursor; ///< opaque; wins over page when not empty
};

/// One page. `total` counts all that match.
template <class Item>
struct page_of {
  std::vector<Item> items;
  std::uint64_t total = 0;
  std::uint32_t page = 1;
  std::uint32_t page_size = 20;
  bool has_more = false;
  std::string next_cursor;
};

/// Names and kinds of the fields a list may be filtered and sorted by.
struct list_field {
  std::string_view name;
  enum class kind { text, uuid, time, number, boolean, text_list } type;
};

struct user_row {
  events::user_id id{};
  std::string email, name;
  std::vector<std::string> roles;
  timestamp created_at{}, updated_at{};
};

struct character_row {
  events::character_id id{};
  std::optional<events::user_id> owner;
  std::string name, tagline, greeting;
  std::vector<std::string> tags;
  std::uint32_t version = 1;
  bool has_picture = false; ///< the card is a PNG: served at /api/v1/characters/{id}/avatar
  timestamp created_at{}, updated_at{};
};

struct card_bytes {
  std::string media_type;
  std::string bytes;
};

struct conversation_row {
  events::session_id id{};
  events::user_id user{};
  events::character_id character{};
  std::string title;
  bool open = true;
  events::entity_position last_position{};
  timestamp created_at{}, updated_at{};
};

struct message_row {
  events::message_id id{};
  events::session_id conversation{};
  std::optional<events::message_id> parent;
  std::string role;    ///< user, character
  std::string content;
  std::string state;   ///< complete, failed, stopped
  timestamp created_at{};
  events::entity_position position{};
  std::vector<events::message_id> siblings = {}; ///< all versions of it (edits, other replies), oldest first, itself among them
};

struct memory_source {
  events::session_id conversation{};
  events::message_id message{};
};

struct memory_row {
  events::memory_id id{};
  events::character_id character{};
  std::string text, kind; ///< episode, fact
  double score = 0;
  std::optional<timestamp> valid_from, valid_to;
  timestamp recorded_at{};
  std::vector<memory_source> sources;
};

struct affinity_cause {
  std::string axis;
  double delta = 0;
  std::string reason;
  std::optional<events::message_id> message;
  timestamp at{};
  std::optional<events::session_id> conversation = {}; ///< the one of the message
};

struct bond_row {
  events::character_id character{};
  std::vector<std::pair<std::string, double>> axes;
  std::string level;
  std::vector<affinity_cause> causes; ///< newest first
};

/// Reads from the projections. Calls block on Postgres (`unavailable` when it is gone); thread-safe. Every call that takes `reader` gives
/// only what that person may see: a stranger's id is `not_found`.
class read_models {
public:
  virtual ~read_models() = default;

  virtual outcome<std::optional<user_row>> user(events::user_id id) = 0;

  /// Published ones and the reader's own.
  virtual outcome<page_of<character_row>> characters(events::user_id reader, const list_request& request) = 0;
  virtual outcome<std::optional<character_row>> character(events::user_id reader, events::character_id id) = 0;
  virtual outcome<std::optional<card_bytes>> card(events::user_id reader, events::character_id id) = 0;

  virtual outcome<page_of<conversation_row>> conversations(events::user_id reader, const list_request& request) = 0;
  virtual outcome<std::optional<conversation_row>> conversation(events::user_id reader, events::session_id id) = 0;
  /// The active branch, oldest first.
  virtual outcome<std::optional<page_of<message_row>>> messages(events::user_id reader, events::session_id conversation,
                                                                const list_request& request) = 0;

  /// By time, newest first. Search goes through recall.
  virtual outcome<page_of<memory_row>> memories(events::user_id reader, std::optional<events::character_id> character,
                                                const list_request& request) = 0;
  virtual outcome<std::optional<memory_row>> memory(events::user_id reader, events::memory_id id) = 0;
  virtual outcome<std::optional<bond_row>> bond(events::user_id reader, events::character_id character) = 0;
};

/// Fields each list may be filtered and sorted by.
std::vector<list_field> character_list_fields();
std::vector<list_field> conversation_list_fields();
std::vector<list_field> message_list_fields();
std::vector<list_field> memory_list_fields();

} // namespace reverie::projections
