#include "ops/cli/impact_preview.hpp"

#include "ops/cli/printed_number.hpp"
#include "ops/operator/projection_catalogue.hpp"
#include "projections/runner/rule_store.hpp"
#include "projections/runner/vector_build.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

namespace reverie::ops {

using events::outcome;
using projections::fold;

namespace {

constexpr std::size_t letters_counted = 10'000, letters_shown = 10;

bool is_among(const std::vector<const fold*>& which, std::string_view name) {
  return std::ranges::any_of(which, [&](const fold* each) { return each->name() == name; });
}

} // namespace

outcome<void> tell_older_versions(projections::connection& database, const std::vector<const fold*>& which) {
  const auto all = projections_in(database);
  if (!all) return std::unexpected(all.error());
  std::size_t versions = 0;
  for (const auto& each : *all) {
    if (!is_among(which, each.projection)) continue;
    for (const auto& version : each.versions) {
      if (version.serving || version.state != "followed") continue;
      ++versions;
      std::fprintf(stderr, "%s v%u goes, about %llu rows\n", each.projection.c_str(), version.version, printed(version.rows.value_or(0)));
    }
  }
  std::fprintf(stderr, versions == 0 ? "there are no older versions\n" : "there is no roll-back after this\n");
  return {};
}

outcome<void> tell_begun_rebuilds(projections::connection& database, const std::vector<const fold*>& which) {
  const auto all = projections_in(database);
  if (!all) return std::unexpected(all.error());
  std::size_t begun = 0;
  for (const auto& each : *all)
    for (const auto& version : each.versions)
      if (is_among(which, each.projection) && version.state != "followed") {
        ++begun;
        std::fprintf(stderr, "%s v%u (%s) goes, about %llu rows\n", each.projection.c_str(), version.version, version.state.c_str(), printed(version.rows.value_or(0)));
      }
  if (begun == 0) return events::fail(events::failure_code::locked, "no such rebuild is under way");
  return {};
}

outcome<void> tell_letters(projections::connection& database, const projections::letter_choice& which) {
  const auto found = projections::list_letters(database, which, letters_counted);
  if (!found) return std::unexpected(found.error());
  std::set<std::pair<std::string, std::string>> entities;
  for (const auto& each : *found) {
    entities.emplace(each.projection, events::to_string(each.entity));
    if (&each - found->data() < static_cast<std::ptrdiff_t>(letters_shown))
      std::fprintf(stderr, "%lld  %s  %s sequence %llu  %s\n", static_cast<long long>(each.id), each.projection.c_str(), events::to_string(each.entity).c_str(),
                   printed(each.sequence.value), each.code.c_str());
  }
  if (found->size() > letters_shown) std::fprintf(stderr, "… and %zu more\n", found->size() - letters_shown);
  std::fprintf(stderr, "%zu%s events of %zu entities are left out, here and in every later rebuild\n", found->size(), found->size() == letters_counted ? " or more" : "", entities.size());
  return {};
}

outcome<void> tell_rule(projections::connection& database, std::int64_t number) {
  const auto found = projections::list_rules(database, {.projection = "", .entity = "", .id = number}, 1);
  if (!found) return std::unexpected(found.error());
  if (found->empty()) return events::fail(events::failure_code::not_found, "there is no rule " + std::to_string(number));
  const auto& rule = found->front();
  std::fprintf(stderr, "rule %lld: %s reads %s version %u %s by it; rows stay as they are until a rebuild\n", static_cast<long long>(number), rule.projection.c_str(),
               rule.type.c_str(), rule.version, rule.entity.empty() ? "of every entity" : ("of " + rule.entity).c_str());
  return {};
}

outcome<void> tell_vectors(projections::connection& database, std::uint32_t number) {
  const auto found = projections::vector_version_of(database, number);
  if (!found) return std::unexpected(found.error());
  const auto covered = projections::coverage_of(database, found->of);
  if (!covered) return std::unexpected(covered.error());
  std::fprintf(stderr, "vectors v%u (%s, %zu dimensions, %s): %llu vectors go, and what the cache holds of this model\n", number, found->of.model.c_str(), found->of.dimension,
               found->state.c_str(), printed(covered->vectors));
  return {};
}

} // namespace reverie::ops
