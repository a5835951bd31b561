#pragma once

#include "projections/runner/partition_filler.hpp"

namespace reverie::projections {

/// An event that a version parked, as an operator sees it.
struct dead_letter_row {
  std::int64_t id = 0;
  std::string projection;
  events::entity_ref entity{};
  events::log_position position{};
  events::sequence_number sequence{};
  std::string code, message, state, reason;
  std::int64_t attempts = 0;
  events::timestamp created_at{};
  std::uint32_t version = 1;
};

/// Which dead letters are meant: all of a projection and an entity, or one by id; nothing given: all.
struct letter_choice {
  std::optional<std::string> projection;
  std::optional<events::entity_ref> entity;
  std::optional<std::int64_t> id;
  std::string state = "parked"; ///< "parked", "retried", "discarded"; empty: any
  std::optional<std::uint32_t> version = {}; ///< listing alone: of this version, whatever its state; none: of those that serve
};

/// By entity, in order.
outcome<std::vector<dead_letter_row>> list_letters(connection& database, const letter_choice& which, std::size_t limit);

struct retry_report {
  std::uint64_t retried = 0; ///< events folded now
  std::uint64_t left = 0;    ///< still parked, with what was tried behind the one that failed
  std::vector<std::string> problems; ///< one for each entity that failed again
};

/// Folds the parked events of the chosen entities again, in order, in every followed version, while nothing else moves. One that fails
/// again stays, with all behind it. An entity without parked events is followed live again; what came meanwhile is among the retried.
/// `progress` hears how many events were folded, and how many were parked at the beginning.
outcome<retry_report> retry_letters(const bulk_source& source, const letter_choice& which, const std::function<void(std::uint64_t, std::uint64_t)>& progress = {});

/// What a retry would give: folds them for real, up to `tried_letters_max` of them, and undoes it all. Everybody waits meanwhile.
outcome<retry_report> try_letters(const bulk_source& source, const letter_choice& which);
inline constexpr std::uint64_t tried_letters_max = 1'000;

/// Gives parked events up for good, with a reason that stays with them: no fold of this projection takes them, no rebuild either. The
/// entity goes on behind them (what was parked behind one is to be retried). Answers how many.
outcome<std::uint64_t> discard_letters(connection& database, const letter_choice& which, const std::string& reason);

} // namespace reverie::projections
