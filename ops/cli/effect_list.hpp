#pragma once

#include "ops/cli/operator_calls.hpp"

#include <optional>
#include <set>
#include <vector>

namespace reverie::ops {

/// So many of a server's list are looked at; the server chooses by state alone, the rest is chosen here.
inline constexpr std::size_t effects_looked_at_max = 20'000;

/// Which of what a server still has to do outside (model calls, embeddings, deliveries); what is not given fits all.
struct effect_choice {
  std::string state; ///< pending or failed; empty: both
  std::optional<std::string> id, entity, kind;
  std::optional<std::uint32_t> partition;

  /// An item of the server's list.
  bool fits(const nlohmann::ordered_json& item) const;
};

struct found_effects {
  std::vector<nlohmann::ordered_json> items; ///< the oldest first
  nlohmann::ordered_json totals = nlohmann::ordered_json::object(); ///< of all there are: depth, failed, oldest_s, alert
  bool more = false;                         ///< there may be further ones that fit
  std::set<std::uint32_t> unreachable;       ///< partitions whose owner could not be asked: what is there is not among the items
};

/// Turns the list of a running server over, until so many are found or so many were looked at.
events::outcome<found_effects> find_effects(operator_calls& server, const effect_choice& which, std::size_t items_max);

/// Which partitions could not be asked, for an operator.
std::string line_of_unreachable(const std::set<std::uint32_t>& partitions);

/// One of them on one line.
std::string line_of_effect(const nlohmann::ordered_json& item);

} // namespace reverie::ops
