#pragma once

#include "actors/runtime/interfaces.hpp"
#include "events/log/state_store.hpp"

/// What nodes say to each other, as JSON by the same field descriptions as the log. Malformed text is a failure, never a crash.
namespace reverie::actors::runtime::cluster {

enum class frame_kind : std::uint8_t {
  command = 1, ///< give this command to its entity; answered
  stop,        ///< stop a reply; answered
  history,     ///< read an entity's history; answered
  inspect,     ///< an entity's state to look at; answered
  state,       ///< an entity's state as it is stored; answered
  answer,
  hear,  ///< from now on (or no more) pieces of this person's replies
  reply, ///< a reply under way, with its pieces so far
  piece,
  alive, ///< nothing but that: who is silent is told no pieces
  ask,   ///< what an operator wants to know of a partition; answered
};

/// The envelope of everything that crosses.
struct frame {
  std::string from;         ///< the sender's address
  std::uint64_t number = 0; ///< of the request; its answer has the same
  std::uint8_t kind = 0;
  std::string body;
  static constexpr auto fields = std::tuple{events::field("from", &frame::from), events::field("number", &frame::number),
                                            events::field("kind", &frame::kind), events::field("body", &frame::body)};
};

/// How a request went at the node that was asked.
struct reply_to_request {
  bool elsewhere = false;              ///< this node does not serve the partition (now): ask its owner
  std::optional<std::uint8_t> refused; ///< a rejection_code
  std::optional<std::uint8_t> failed;  ///< a failure_code
  std::string message, param;
  std::optional<std::int64_t> retry_after_ms;
  std::string body;
  static constexpr auto fields =
      std::tuple{events::field("elsewhere", &reply_to_request::elsewhere), events::field("refused", &reply_to_request::refused),
                 events::field("failed", &reply_to_request::failed),       events::field("message", &reply_to_request::message),
                 events::field("param", &reply_to_request::param),         events::field("retry_after_ms", &reply_to_request::retry_after_ms),
                 events::field("body", &reply_to_request::body)};
};

struct stop_wish {
  events::session_id session{};
  events::user_id caller{};
  static constexpr auto fields = std::tuple{events::field("session_id", &stop_wish::session), events::field("caller", &stop_wish::caller)};
};

struct history_wish {
  events::entity_address entity{};
  std::optional<events::log_position> after;
  std::uint64_t after_sequence = 0; ///< 0: not known
  std::uint64_t updates_max = 0;
  std::uint64_t at_least = 0; ///< offset up to which the answer must know the log
  static constexpr auto fields = std::tuple{events::field("entity", &history_wish::entity), events::field("after", &history_wish::after),
                                            events::field("after_sequence", &history_wish::after_sequence),
                                            events::field("updates_max", &history_wish::updates_max),
                                            events::field("at_least", &history_wish::at_least)};
};

struct entity_wish {
  events::entity_address entity{};
  static constexpr auto fields = std::tuple{events::field("entity", &entity_wish::entity)};
};

struct hear_wish {
  events::user_id person{};
  bool on = true;
  static constexpr auto fields = std::tuple{events::field("person", &hear_wish::person), events::field("on", &hear_wish::on)};
};

/// A reply under way of a person. Of one piece only it has that piece, and its place among all.
struct reply_said {
  events::user_id person{};
  events::session_id session{};
  events::message_id reply{};
  events::message_id parent{};
  std::uint32_t attempt = 1;
  events::log_position started_at{};
  std::uint32_t first_index = 0;
  std::vector<std::string> pieces;
  std::uint64_t started_sequence = 0;
  static constexpr auto fields =
      std::tuple{events::field("person", &reply_said::person),         events::field("session_id", &reply_said::session),
                 events::field("message_id", &reply_said::reply),      events::field("parent_id", &reply_said::parent),
                 events::field("attempt", &reply_said::attempt),       events::field("started_at", &reply_said::started_at),
                 events::field("first_index", &reply_said::first_index), events::field("pieces", &reply_said::pieces),
                 events::field("started_sequence", &reply_said::started_sequence)};
};

std::string to_text(const command_envelope& envelope);
events::outcome<command_envelope> envelope_of(std::string_view text);

std::string to_text(const command_answer& answer);
events::outcome<command_answer> answer_of(std::string_view text);

std::string to_text(const std::vector<shared_update>& updates);
events::outcome<std::vector<shared_update>> updates_of(std::string_view text);

std::string to_text(const owned_state& state);
events::outcome<owned_state> state_of(std::string_view text);

std::string to_text(const events::entity_blob& blob);
events::outcome<events::entity_blob> blob_of(std::string_view text);

} // namespace reverie::actors::runtime::cluster
