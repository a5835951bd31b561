#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace reverie::projections {

/// The level of a bond, a word for where it stands: stranger, acquaintance, friend, close_friend, confidant. From the mean of
/// affection, trust and familiarity (each in [0, 1], absent: 0).
std::string_view bond_level(const nlohmann::json& axes);

} // namespace reverie::projections
