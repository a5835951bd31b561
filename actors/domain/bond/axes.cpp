#include "actors/domain/bond/axes.hpp"

namespace reverie::actors::bond {

affinity_values affinity_of(const state& now) {
  auto values = initial_affinity();
  for (const auto each : all_affinity_axes)
    if (const auto at = now.axes.find(std::string(axis_name(each))); at != now.axes.end()) values[each] = at->second.value;
  return values;
}

affinity_values gained_on_day_of(const state& now, timestamp at) {
  affinity_values gained;
  for (const auto each : all_affinity_axes) {
    const auto stands = now.axes.find(std::string(axis_name(each)));
    if (stands != now.axes.end() && stands->second.day == day_of(at)) gained[each] = stands->second.gained_on_day;
  }
  return gained;
}

} // namespace reverie::actors::bond
