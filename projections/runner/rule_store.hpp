#pragma once

#include "projections/runner/dead_letters.hpp"
#include "projections/runner/event_rules.hpp"

namespace reverie::projections {

/// Which events a rule is for: the one alone, those of its type and version of the entity from there on, or of every entity. Only the last
/// can concern what was folded already: then a rebuild is needed.
enum class rule_scope : std::uint8_t { event, entity, type };

/// A rule for the event of a dead letter, as an operator gives it.
struct rule_wish {
  std::int64_t letter = 0; ///< the first parked one of its entity
  patch_json operations;   ///< event_patch.hpp
  rule_scope scope = rule_scope::event;
  std::string author, reason;
};

/// What a rule makes of the event, and what the folds say to it.
struct rule_trial {
  events::sequence_number sequence{};
  std::string type;
  std::uint32_t version = 0;
  patch_json before, after;              ///< the event's data, opened: personal
  bool accepted = false;                 ///< in every projection that had parked it
  std::string problem;                   ///< why not
  std::vector<std::string> projections;  ///< that read by it: those that have the event parked
  std::vector<std::int64_t> rules;       ///< their numbers; of a trial, those that would be given
  retry_report retried;
};

/// Keeps the rule for a moment, folds the entity's letters under it for real, and undoes all of it. `not_found` for no parked letter,
/// `malformed` for operations that are none or set a part of what a person wrote, `locked` while a rebuild of one of the projections is
/// under way or waits for its switch, or when earlier events of the entity are parked.
outcome<rule_trial> try_rule(const bulk_source& source, const rule_wish& wish);
/// Keeps it, and with it what the folds made of the letters. A rule under which the event still does not fit is not kept (`locked`).
outcome<rule_trial> keep_rule(const bulk_source& source, const rule_wish& wish);

/// A rule as it is listed: never the values it sets.
struct listed_rule {
  std::int64_t id = 0;
  std::string projection, entity; ///< entity empty: of all
  std::string type;
  std::uint32_t version = 0;
  std::uint64_t from_sequence = 0;
  std::optional<std::uint64_t> to_sequence;
  patch_json operations;
  std::string reason, author;
  events::timestamp created_at{};
  std::optional<events::timestamp> retired_at;
  std::string retire_reason;
};

/// Which rules: of a projection, an entity, one by number; nothing given: all, newest first.
struct rule_choice {
  std::string projection, entity;
  std::optional<std::int64_t> id;
};
outcome<std::vector<listed_rule>> list_rules(connection& database, const rule_choice& which, std::size_t limit);

/// Ends a rule: later readings go without it. Rows that were folded by it stay until a rebuild. `not_found`, `locked` when it is retired or
/// a rebuild is under way, `malformed` without a reason.
outcome<void> retire_rule(connection& database, std::int64_t id, const std::string& reason);

} // namespace reverie::projections
