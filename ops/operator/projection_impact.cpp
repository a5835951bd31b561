#include "ops/operator/failure_view.hpp"
#include "ops/operator/projection_desk.hpp"

#include <algorithm>

/// What an operator's action on a projection will touch, before it is done.
namespace reverie::ops {

using gateway::document;
using gateway::projection_action;
using gateway::projection_view;
using gateway::result;
using gateway::version_view;

namespace {

document touched(std::string what, std::uint64_t count) { return {{"what", std::move(what)}, {"count", count}}; }

std::unexpected<gateway::api_error> no_such_change(std::string message) { return std::unexpected(gateway::api_error{409, "conflict", std::move(message)}); }

std::string version_text(const std::string& projection, const version_view& version) { return projection + " v" + std::to_string(version.version); }

document impact_view(std::string title, document touches, std::string confirm, bool reversible, document warning) {
  return {{"title", std::move(title)}, {"touches", std::move(touches)}, {"confirm", std::move(confirm)}, {"reversible", reversible}, {"warning", std::move(warning)}};
}

/// The followed one that does not serve and served last.
const version_view* older_one(const projection_view& of) {
  const version_view* found = nullptr;
  for (const auto& each : of.versions)
    if (each.state == "followed" && !each.serving && (found == nullptr || each.switched_at >= found->switched_at)) found = &each;
  return found;
}

result<document> impact_on(const projection_view& of, const projection_action& action, std::uint64_t log_records) {
  const auto serving = std::ranges::find(of.versions, true, &version_view::serving);
  const auto rows = serving == of.versions.end() ? 0 : serving->rows.value_or(0);
  if (action.what == "rebuild")
    return impact_view("Rebuild " + of.projection, document::array({touched("records of the log that are read", log_records), touched("rows of the new version (estimate)", rows)}),
                       "rebuild " + of.projection, true, "Live work goes first: the rebuild waits while projections are behind.");
  if (action.what == "switch") {
    const auto ready = std::ranges::find_if(of.versions, [](const auto& each) { return each.state != "followed"; });
    if (ready == of.versions.end()) return no_such_change("No version of " + of.projection + " is ready to be switched to.");
    return impact_view("Let readers see " + version_text(of.projection, *ready), document::array({touched("rows that readers see (estimate)", ready->rows.value_or(0))}),
                       version_text(of.projection, *ready), true, ready->state == "ready" ? document(nullptr) : document("This version is not complete: the rebuild goes on first."));
  }
  if (action.what == "roll-back") {
    const auto* older = older_one(of);
    if (older == nullptr) return no_such_change("No older version of " + of.projection + " is kept.");
    return impact_view("Go back to " + version_text(of.projection, *older), document::array({touched("rows that readers see (estimate)", older->rows.value_or(0))}),
                       version_text(of.projection, *older), true, nullptr);
  }
  const auto gone = std::ranges::find(of.versions, action.version, &version_view::version);
  if (gone == of.versions.end()) return std::unexpected(gateway::not_found_error("There is no such version."));
  if (gone->serving) return no_such_change("Version " + std::to_string(action.version) + " serves.");
  auto touches = document::array({touched("rows that go (estimate)", gone->rows.value_or(0))});
  if (gone->state == "followed")
    touches.push_back(touched("older versions that go", static_cast<std::uint64_t>(std::ranges::count_if(of.versions, [](const auto& each) { return each.state == "followed" && !each.serving; }))));
  return impact_view("Drop " + version_text(of.projection, *gone), std::move(touches), version_text(of.projection, *gone), false,
                     gone->state == "followed" ? document("There is no roll-back after this.") : document("What the rebuild has made so far goes."));
}

} // namespace

result<document> projection_desk::impact(const projection_action& action) {
  if (projections::find_fold(action.projection) == nullptr) return std::unexpected(gateway::not_found_error("There is no such projection."));
  auto all = list();
  if (!all) return std::unexpected(all.error());
  const auto of = std::ranges::find(*all, action.projection, &projection_view::projection);
  if (of == all->end()) return std::unexpected(gateway::not_found_error("There is no such projection."));
  std::uint64_t records = 0;
  for (std::uint32_t i = 0; i < source_.log.partitions(); ++i)
    if (const auto range = source_.log.range({i})) records += range->end.value - range->first.value;
  return impact_on(*of, action, records);
}

} // namespace reverie::ops
