#include "projections/fold/bond_level.hpp"

#include <nlohmann/json.hpp>

namespace reverie::projections {

std::string_view bond_level(const nlohmann::json& axes) {
  double sum = 0;
  for (const char* axis : {"affection", "trust", "familiarity"})
    if (const auto at = axes.find(axis); at != axes.end() && at->is_number()) sum += at->get<double>();
  const double mean = sum / 3;
  if (mean < 0.15) return "stranger";
  if (mean < 0.35) return "acquaintance";
  if (mean < 0.6) return "friend";
  if (mean < 0.85) return "close_friend";
  return "confidant";
}

} // namespace reverie::projections
