#include "ops/cli/commands.hpp"
#include "ops/cli/projection_choice.hpp"
#include "projections/runner/projection_pause.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace reverie::ops {

namespace {

using nlohmann::ordered_json;

exit_code list_places(projections::connection& database, bool json) {
  const auto rows = database.run("SELECT p.projection, p.version, p.partition, p.next, p.lag, coalesce(s.reason, '') FROM reverie.projection_positions p "
                                 "LEFT JOIN reverie.paused_projections s USING (projection, partition) ORDER BY p.projection, p.partition");
  if (!rows) return report(rows.error());
  auto all = ordered_json::array();
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    const std::string projection(rows->text(i, 0)), reason(rows->text(i, 5));
    if (json) {
      all.push_back({{"projection", projection}, {"version", rows->integer(i, 1)}, {"partition", rows->integer(i, 2)}, {"next", rows->integer(i, 3)},
                     {"lag", rows->integer(i, 4)}, {"paused", !reason.empty()}, {"reason", reason}});
      continue;
    }
    std::printf("%-14s v%lld  partition %lld  next %lld  behind %lld%s%s\n", projection.c_str(), static_cast<long long>(rows->integer(i, 1)),
                static_cast<long long>(rows->integer(i, 2)), static_cast<long long>(rows->integer(i, 3)), static_cast<long long>(rows->integer(i, 4)),
                reason.empty() ? "" : "  paused: ", reason.c_str());
  }
  if (json) std::puts(all.dump(2).c_str());
  return exit_code::done;
}

} // namespace

exit_code run_projections(const settings& given, const projections_options& how, bool json) {
  auto database = open_database(given);
  if (!database) return report(database.error());
  if (how.action == "list") return list_places(*database, json);
  const auto which = chosen_folds(how.projections);
  if (!which) return report(which.error());
  std::optional<events::partition_number> partition;
  if (how.partition) partition = {*how.partition};
  std::size_t changed = 0;
  for (const auto* each : *which) {
    const auto done = how.action == "pause" ? projections::pause_projection(*database, *each, partition, how.reason)
                                            : projections::resume_projection(*database, *each, partition);
    if (!done) return report(done.error());
    changed += *done;
  }
  const auto* word = how.action == "pause" ? "paused" : "resumed";
  if (json) std::puts(ordered_json{{word, changed}}.dump().c_str());
  else std::printf("%s: %zu partitions\n", word, changed);
  return exit_code::done;
}

} // namespace reverie::ops
