#pragma once

#include "events/model/field.hpp"
#include "events/model/ids.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace reverie::actors::bond {

using events::field;
using events::memory_id;
using events::message_id;
using events::session_id;
using events::timestamp;

/// A message in its conversation.
struct source {
  session_id session{};
  message_id message{};

  static constexpr auto fields = std::tuple{field("session_id", &source::session), field("message_id", &source::message)};
  friend auto operator<=>(const source&, const source&) = default;
};

/// Something the character knows about the user; open until `valid_to`.
struct fact {
  std::string attribute; ///< as in events::bond::fact_learned
  std::string subject;
  std::string value;
  std::string text;
  session_id session{};
  message_id message{};               ///< the message it was learned from
  std::vector<source> restated;       ///< later messages that said it again, oldest first
  std::optional<timestamp> valid_from;
  std::optional<timestamp> valid_to;  ///< set when it was closed
  std::optional<memory_id> superseded_by;
  std::optional<message_id> closed_in; ///< the message that closed it
  std::string extractor;               ///< what found it: name and version of rules, or of a model

  static constexpr auto fields = std::tuple{
      field("attribute", &fact::attribute), field("subject", &fact::subject),          field("value", &fact::value),
      field("text", &fact::text),           field("session_id", &fact::session),       field("message_id", &fact::message),
      field("restated_in", &fact::restated), field("valid_from", &fact::valid_from),   field("valid_to", &fact::valid_to),
      field("superseded_by", &fact::superseded_by), field("closed_in", &fact::closed_in),
      field("extractor", &fact::extractor)};
  friend bool operator==(const fact&, const fact&) = default;
};

/// How the character feels on one axis, in [0, 1], and how much it rose on the last day it rose (UTC days since 1970).
struct axis {
  double value = 0;
  std::int64_t day = 0;
  double gained_on_day = 0;

  static constexpr auto fields =
      std::tuple{field("value", &axis::value), field("day", &axis::day), field("gained_on_day", &axis::gained_on_day)};
  friend bool operator==(const axis&, const axis&) = default;
};

/// Why an axis moved: kept for the last limits::affinity_causes_kept changes.
struct cause {
  std::string axis;
  double delta = 0;
  std::string reason;
  std::string sentence;
  std::optional<message_id> message;
  timestamp at{};

  static constexpr auto fields =
      std::tuple{field("axis", &cause::axis),         field("delta", &cause::delta),        field("reason", &cause::reason),
                 field("sentence", &cause::sentence), field("message_id", &cause::message), field("at", &cause::at)};
  friend bool operator==(const cause&, const cause&) = default;
};

/// What a character and a user have between them, as far as decisions need to know. Vectors of ids are sorted.
struct state {
  events::user_id user{};
  events::character_id character{};
  std::optional<session_id> open_session;
  std::map<memory_id, fact> facts;
  std::map<std::string, axis> axes;
  std::vector<cause> causes;                                           ///< oldest first
  std::map<message_id, std::map<std::string, double>> moved_by;        ///< what each message changed, to be undone with it
  std::optional<timestamp> last_turn_at;                               ///< when a message was observed last
  std::vector<message_id> observed;
  std::vector<message_id> retracted;                                   ///< deleted or edited: they teach nothing
  std::vector<message_id> barred;
  std::vector<memory_id> forgotten;

  static constexpr std::uint32_t schema_version = 2;
  static constexpr auto fields =
      std::tuple{field("user_id", &state::user),        field("character_id", &state::character),
                 field("open_session_id", &state::open_session), field("facts", &state::facts),
                 field("axes", &state::axes),           field("causes", &state::causes),
                 field("moved_by", &state::moved_by),   field("last_turn_at", &state::last_turn_at),
                 field("observed_ids", &state::observed), field("retracted_ids", &state::retracted),
                 field("barred_ids", &state::barred),   field("forgotten_ids", &state::forgotten)};
  friend bool operator==(const state&, const state&) = default;
};

/// Whether the user had a memory of this message forgotten: it must not reach prompts, recall or the index any more.
bool is_barred(const state& now, const message_id& message);

/// UTC days since 1970, for daily caps.
std::int64_t day_of(timestamp at);

} // namespace reverie::actors::bond
