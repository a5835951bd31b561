#pragma once

#include "ops/cli/operator_calls.hpp"

#include <optional>
#include <vector>

namespace reverie::ops {

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
};

/// Turns the list of a running server over, until so many are found or so many were looked at.
events::outcome<found_effects> find_effects(operator_calls& server, const effect_choice& which, std::size_t items_max);

/// One of them on one line.
std::string line_of_effect(const nlohmann::ordered_json& item);

} // namespace reverie::ops
