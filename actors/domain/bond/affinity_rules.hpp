#pragma once

#include "events/model/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace reverie::actors::bond {

/// Version of these rules, recorded with each change. Rises whenever they could decide otherwise.
inline constexpr std::uint32_t affinity_rules_version = 1;

/// The named axes on which a character feels about a user, each in [0, 1].
enum class affinity_axis : unsigned char { affection, trust, familiarity, tension };

inline constexpr std::array all_affinity_axes{affinity_axis::affection, affinity_axis::trust,
                                              affinity_axis::familiarity, affinity_axis::tension};

/// As in events: affection, trust, familiarity, tension.
std::string_view axis_name(affinity_axis axis) noexcept;
std::optional<affinity_axis> axis_of(std::string_view name) noexcept;

/// One number per axis: where they stand, or what they gained.
struct affinity_values {
  std::array<double, 4> by_axis{};

  double& operator[](affinity_axis axis) { return by_axis[static_cast<std::size_t>(axis)]; }
  double operator[](affinity_axis axis) const { return by_axis[static_cast<std::size_t>(axis)]; }
  friend bool operator==(const affinity_values&, const affinity_values&) = default;
};

/// Where a bond begins: a little goodwill, nothing known, no tension.
affinity_values initial_affinity() noexcept;

/// The most an axis rises (tension: the most it rises) in one UTC day, against farming.
double daily_gain_cap(affinity_axis axis) noexcept;

/// What the rules look at.
struct affinity_turn {
  std::string_view text; ///< the user's message
  events::timestamp said_at{};
  std::optional<events::timestamp> last_said_at; ///< the user's message before it; none: the first
  std::size_t facts_told = 0;                    ///< how many facts about the user it held
};

/// One change with its cause. `reason` is a stable code, `sentence` says it to the user.
struct affinity_change {
  affinity_axis axis{};
  double delta = 0;
  std::string_view reason;
  std::string_view sentence;

  friend bool operator==(const affinity_change&, const affinity_change&) = default;
};

/// How one message moves the axes, in a fixed order. The values stay in [0, 1] and the gains of a day under
/// their caps when all changes are applied; changes of nothing are left out. `gained_today` is the sum of the
/// positive deltas of the UTC day of `said_at`. A long absence lets affection and familiarity fade to a floor
/// and tension go. English words are known; in other languages the rules that need none still hold. Any bytes
/// are accepted. Pure.
std::vector<affinity_change> affinity_changes(const affinity_values& now, const affinity_values& gained_today,
                                              const affinity_turn& turn);

/// What a bond is called, from affection, trust and familiarity: `stranger`, `acquaintance`, `friend`, `close
/// friend`, `confidant`.
std::string_view affinity_level(const affinity_values& now) noexcept;

} // namespace reverie::actors::bond
