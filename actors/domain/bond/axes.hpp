#pragma once

#include "actors/domain/bond/affinity_rules.hpp"
#include "actors/domain/bond/state.hpp"

#include <string_view>

namespace reverie::actors::bond {

/// The reason code of changes that undo what a deleted or edited message had done.
inline constexpr std::string_view removed_reason = "message_removed";

/// Where the axes stand; what was never moved stands where a bond begins.
affinity_values affinity_of(const state& now);

/// What each axis gained on the UTC day of a moment.
affinity_values gained_on_day_of(const state& now, timestamp at);

} // namespace reverie::actors::bond
