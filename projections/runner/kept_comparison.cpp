#include "projections/runner/kept_comparison.hpp"

#include <nlohmann/json.hpp>

namespace reverie::projections {
namespace {

using nlohmann::ordered_json;

/// The serving version's rows are the stored ones, the new version's the expected: what is missing in the stored is only in the new.
std::string_view name_of(decltype(row_difference::what) what) {
  using kind = decltype(row_difference::what);
  switch (what) {
  case kind::missing: return "only_in_new";
  case kind::unexpected: return "missing_in_new";
  case kind::different: break;
  }
  return "differs";
}

ordered_json place_or_null(const std::optional<events::log_position>& at) { return at ? ordered_json(events::to_string(*at)) : ordered_json(nullptr); }

} // namespace

std::string comparison_json(const rebuilt_projection& of) {
  if (!of.compared) return "null";
  auto sample = ordered_json::array();
  for (const auto& each : of.found.first)
    sample.push_back({{"projection", each.projection}, {"table", each.table}, {"key", each.key}, {"what", name_of(each.what)}, {"columns", each.columns},
                      {"before", nullptr}, {"after", nullptr},
                      {"lineage", {{"before", place_or_null(each.stored_cause)}, {"after", place_or_null(each.expected_cause)}}}});
  return ordered_json{{"compared", of.found.rows}, {"differences", of.found.differences}, {"missing_in_new", of.found.unexpected},
                      {"only_in_new", of.found.missing}, {"differs", of.found.different}, {"parked_in_serving", of.parked_before},
                      {"parked_in_new", of.parked}, {"sample", std::move(sample)}}
      .dump();
}

} // namespace reverie::projections
