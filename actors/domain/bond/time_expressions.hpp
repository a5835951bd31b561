#pragma once

#include "actors/domain/bond/utterance_tokens.hpp"
#include "events/model/time.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace reverie::actors::bond {

/// When what is said begins, ends or happens, as far as an expression of time tells.
enum class time_relation : unsigned char {
  at,    ///< on Friday, last year, two weeks ago
  since, ///< since 2020, for three years: from then to now
  until  ///< until May
};

/// A time that was named: tokens [begin, end) of the statement, and the first moment of the day, month or
/// year it means.
struct named_time {
  std::size_t begin = 0;
  std::size_t end = 0;
  events::timestamp from{};
  time_relation relation = time_relation::at;
  bool whole_period = false; ///< names a week, month or year, not a day
  bool relative = false;     ///< means another day when said on another day
};

/// Reads the expression of time that begins at token `at`, preposition included; nothing when none begins
/// there. Days are counted at the speaker's clock, `utc_offset` ahead of UTC. `Friday` is the first one after
/// the day of speaking, `next Friday` the one of the next week (weeks begin on Monday), `last Friday` the
/// last one before.
std::optional<named_time> time_at(const statement& said, std::size_t at, events::timestamp said_at,
                                  std::chrono::minutes utc_offset);

/// The first expression of time in tokens [begin, end).
std::optional<named_time> first_time(const statement& said, std::size_t begin, std::size_t end,
                                     events::timestamp said_at, std::chrono::minutes utc_offset);

/// A number in digits or in words up to ninety-nine; nothing when the word is none.
std::optional<int> number_of(std::string_view word) noexcept;

} // namespace reverie::actors::bond
