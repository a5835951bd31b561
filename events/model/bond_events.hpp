#pragma once

#include "events/model/field.hpp"
#include "events/model/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What can happen to a `bond` (one character and one user). Numbers 400 to 499.
namespace reverie::events::bond {

/// At most one conversation per bond is open; the bond decides which.
struct conversation_opened {
  static constexpr std::string_view name = "bond.conversation_opened";
  static constexpr unsigned number = 400, version = 1;

  session_id session;
  user_id user;
  character_id character;
  std::uint32_t card_version = 1; ///< with the greeting: what the session is opened with, so that the log alone can ask for it again
  std::string greeting;

  static constexpr auto fields = std::tuple{field("session_id", &conversation_opened::session),
                                            field("user_id", &conversation_opened::user),
                                            field("character_id", &conversation_opened::character),
                                            field("card_version", &conversation_opened::card_version),
                                            personal("greeting", &conversation_opened::greeting)};
  friend bool operator==(const conversation_opened&, const conversation_opened&) = default;
};

struct conversation_closed {
  static constexpr std::string_view name = "bond.conversation_closed";
  static constexpr unsigned number = 401, version = 1;

  session_id session;

  static constexpr auto fields = std::tuple{field("session_id", &conversation_closed::session)};
  friend bool operator==(const conversation_closed&, const conversation_closed&) = default;
};

/// A user's message was looked at: rules have been applied to it, once.
struct turn_observed {
  static constexpr std::string_view name = "bond.turn_observed";
  static constexpr unsigned number = 402, version = 1;

  session_id session;
  message_id message;
  std::vector<memory_id> restated; ///< facts that were known and are said again here: this turn is a source of theirs too

  static constexpr auto fields = std::tuple{field("session_id", &turn_observed::session),
                                            field("message_id", &turn_observed::message),
                                            field("restated_ids", &turn_observed::restated)};
  friend bool operator==(const turn_observed&, const turn_observed&) = default;
};

/// The character knows something now, from a message. World time says when it is true, the record's time when it was learned.
struct fact_learned {
  static constexpr std::string_view name = "bond.fact_learned";
  static constexpr unsigned number = 403, version = 1;

  memory_id memory;
  std::string attribute; ///< name, age, home, work, like, dislike, family, pet, date, plan, health
  std::string subject;   ///< user, or whose it is: "dog", "sister"
  std::string value;
  std::string text; ///< the fact as a sentence
  session_id session;
  message_id message;
  std::optional<timestamp> valid_from;
  std::string rules; ///< name and version of what extracted it

  static constexpr auto fields = std::tuple{field("memory_id", &fact_learned::memory),
                                            field("attribute", &fact_learned::attribute),
                                            personal("subject", &fact_learned::subject),
                                            personal("value", &fact_learned::value),
                                            personal("text", &fact_learned::text),
                                            field("session_id", &fact_learned::session),
                                            field("message_id", &fact_learned::message),
                                            field("valid_from", &fact_learned::valid_from),
                                            field("rules", &fact_learned::rules)};
  friend bool operator==(const fact_learned&, const fact_learned&) = default;
};

/// A newer fact (or the user's word) ended this one's validity; it stays as history.
struct fact_closed {
  static constexpr std::string_view name = "bond.fact_closed";
  static constexpr unsigned number = 404, version = 1;

  memory_id memory;
  std::optional<memory_id> superseded_by;
  message_id message; ///< the message that ended it
  timestamp valid_to{};

  static constexpr auto fields = std::tuple{field("memory_id", &fact_closed::memory),
                                            field("superseded_by", &fact_closed::superseded_by),
                                            field("message_id", &fact_closed::message),
                                            field("valid_to", &fact_closed::valid_to)};
  friend bool operator==(const fact_closed&, const fact_closed&) = default;
};

/// What rested on a message that was edited or deleted is no longer known; what it had closed is open again. `memory` is nil when the
/// message had taught nothing and only closed others. Follows turns_retracted in the same record.
struct fact_retracted {
  static constexpr std::string_view name = "bond.fact_retracted";
  static constexpr unsigned number = 405, version = 1;

  memory_id memory;
  std::vector<memory_id> reopened;

  static constexpr auto fields =
      std::tuple{field("memory_id", &fact_retracted::memory), field("reopened_ids", &fact_retracted::reopened)};
  friend bool operator==(const fact_retracted&, const fact_retracted&) = default;
};

/// The user had a memory forgotten: it and the turns it came from are barred from recall, index and prompts for good.
struct memory_forgotten {
  static constexpr std::string_view name = "bond.memory_forgotten";
  static constexpr unsigned number = 406, version = 1;

  memory_id memory;
  std::vector<memory_id> also_forgotten; ///< facts from the same turns
  std::vector<message_id> barred;        ///< the source turns

  static constexpr auto fields = std::tuple{field("memory_id", &memory_forgotten::memory),
                                            field("also_forgotten_ids", &memory_forgotten::also_forgotten),
                                            field("barred_message_ids", &memory_forgotten::barred)};
  friend bool operator==(const memory_forgotten&, const memory_forgotten&) = default;
};

/// How the character feels changed, by a rule that names its cause. `level_after` in [0, 1].
struct affinity_changed {
  static constexpr std::string_view name = "bond.affinity_changed";
  static constexpr unsigned number = 407, version = 1;

  std::string axis; ///< affection, trust, familiarity, tension
  double delta = 0;
  double value_after = 0;
  std::string reason; ///< a stable code of the rule
  std::string sentence;
  std::optional<message_id> message;
  std::uint32_t rules_version = 1;
  std::optional<session_id> session = {}; ///< the conversation of the message

  static constexpr auto fields = std::tuple{field("axis", &affinity_changed::axis),
                                            field("delta", &affinity_changed::delta),
                                            field("value_after", &affinity_changed::value_after),
                                            field("reason", &affinity_changed::reason),
                                            field("sentence", &affinity_changed::sentence),
                                            field("message_id", &affinity_changed::message),
                                            field("rules_version", &affinity_changed::rules_version),
                                            field("session_id", &affinity_changed::session)};
  friend bool operator==(const affinity_changed&, const affinity_changed&) = default;
};

/// Messages were deleted or edited: they teach nothing any more, also when they come to be observed only later.
struct turns_retracted {
  static constexpr std::string_view name = "bond.turns_retracted";
  static constexpr unsigned number = 408, version = 1;

  session_id session;
  std::vector<message_id> messages;

  static constexpr auto fields = std::tuple{field("session_id", &turns_retracted::session),
                                            field("message_ids", &turns_retracted::messages)};
  friend bool operator==(const turns_retracted&, const turns_retracted&) = default;
};

/// An axis that a forked bond begins with.
struct copied_axis {
  std::string axis;
  double value = 0;
  std::int64_t day = 0;
  double gained_on_day = 0;

  static constexpr auto fields = std::tuple{field("axis", &copied_axis::axis), field("value", &copied_axis::value),
                                            field("day", &copied_axis::day), field("gained_on_day", &copied_axis::gained_on_day)};
  friend bool operator==(const copied_axis&, const copied_axis&) = default;
};

/// A fact that a forked bond begins with.
struct copied_fact {
  memory_id memory;
  std::string attribute, subject, value, text;
  session_id session;
  message_id message;
  std::optional<timestamp> valid_from, valid_to;
  std::optional<memory_id> superseded_by;
  std::optional<message_id> closed_in;
  std::string rules;

  static constexpr auto fields =
      std::tuple{field("memory_id", &copied_fact::memory),   field("attribute", &copied_fact::attribute),
                 field("subject", &copied_fact::subject),    field("value", &copied_fact::value),
                 field("text", &copied_fact::text),          field("session_id", &copied_fact::session),
                 field("message_id", &copied_fact::message), field("valid_from", &copied_fact::valid_from),
                 field("valid_to", &copied_fact::valid_to),  field("superseded_by", &copied_fact::superseded_by),
                 field("closed_in", &copied_fact::closed_in), field("rules", &copied_fact::rules)};
  friend bool operator==(const copied_fact&, const copied_fact&) = default;
};

/// The bond as it was when the conversation of a fork was copied: what a `forked_bond` begins with, in as many parts as its facts need.
struct forked {
  static constexpr std::string_view name = "bond.forked";
  static constexpr unsigned number = 409, version = 1;

  bond_id bond; ///< the fork
  user_id user;
  character_id character;
  session_id session; ///< the forked session it belongs to
  bond_id origin;
  sequence_number origin_sequence{};
  std::optional<timestamp> last_turn_at;
  std::vector<copied_axis> axes;
  std::vector<message_id> barred;
  std::vector<memory_id> forgotten;
  std::vector<copied_fact> facts;

  static constexpr auto fields = std::tuple{
      field("bond_id", &forked::bond),           field("user_id", &forked::user),
      field("character_id", &forked::character), field("session_id", &forked::session),
      field("origin_id", &forked::origin),       field("origin_sequence", &forked::origin_sequence),
      field("last_turn_at", &forked::last_turn_at), field("axes", &forked::axes),
      field("barred_ids", &forked::barred),      field("forgotten_ids", &forked::forgotten),
      personal("facts", &forked::facts)};
  friend bool operator==(const forked&, const forked&) = default;
};

} // namespace reverie::events::bond
