#include "ops/cli/commands.hpp"
#include "ops/cli/operator_trail.hpp"
#include "ops/cli/projection_choice.hpp"
#include "ops/cli/printed_number.hpp"
#include "events/model/time.hpp"
#include "projections/runner/projection_pause.hpp"
#include "projections/runner/projection_reset.hpp"

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

events::outcome<projections::reset_place> place_of(const projections_options& how) {
  projections::reset_place place{.partition = {}, .offset = {}, .time = {}, .start = how.to_start};
  if (how.partition) place.partition = {*how.partition};
  if (how.to_offset) place.offset = {*how.to_offset};
  if (how.to_time) {
    place.time = events::parse_rfc3339(*how.to_time);
    if (!place.time) return events::fail(events::failure_code::malformed, "'" + *how.to_time + "' is no time: 2026-01-31T12:00:00Z");
  }
  return place;
}

ordered_json reset_json(const projections::reset_report& report, bool done) {
  auto all = ordered_json::array();
  for (const auto& each : report.partitions)
    all.push_back({{"partition", each.partition.value}, {"from", each.from.value}, {"to", each.to.value}, {"records_again", each.records_again},
                   {"rows_touched", each.rows_touched}, {"dead_letters", each.dead_letters}, {"embeddings_again", each.embeddings_again}});
  return {{"projection", report.projection}, {"version", report.version}, {"reset", done}, {"partitions", all}};
}

void print_reset(std::FILE* out, const projections::reset_report& report) {
  for (const auto& each : report.partitions)
    std::fprintf(out, "%s v%u, partition %u: from %llu back to %llu, %llu records again, %llu rows go or become what they were, %llu dead letters, %llu embeddings again\n",
                report.projection.c_str(), report.version, each.partition.value, printed(each.from.value), printed(each.to.value), printed(each.records_again),
                printed(each.rows_touched), printed(each.dead_letters), printed(each.embeddings_again));
  if (report.partitions.empty()) std::fprintf(out, "%s: nothing lies behind that place\n", report.projection.c_str());
}

cli_change reset_change(const projections::fold& of, const projections_options& how) {
  cli_change change{.action = "projection.reset", .subject = std::string(of.name()), .reason = how.reason};
  if (how.partition) change.detail["partition"] = *how.partition;
  if (how.to_offset) change.detail["to_offset"] = *how.to_offset;
  if (how.to_time) change.detail["to_time"] = *how.to_time;
  if (how.to_start) change.detail["to_start"] = true;
  return change;
}

/// Shows first what it will touch, all of it, and asks; where JSON is the answer, on standard error.
exit_code reset(const settings& given, const projections_options& how, bool json, bool yes) {
  const auto which = chosen_folds(how.projections);
  if (!which) return report(which.error());
  const auto place = place_of(how);
  if (!place) return report(place.error());
  auto access = open_log_and_database(given);
  if (!access) return report(access.error());
  const projections::bulk_source source{given.text("database-url"), *access->log, *access->vault->keys};
  auto shown = ordered_json::array();
  for (const auto* each : *which) {
    std::optional<waiting_note> note(std::in_place, "looking at " + std::string(each->name()));
    const auto found = projections::look_at_reset(source, *each, *place);
    note.reset();
    if (!found) return report(found.error());
    if (json) shown.push_back(reset_json(*found, false));
    if (!json || (!how.dry_run && !yes)) print_reset(json ? stderr : stdout, *found);
  }
  if (how.dry_run) {
    if (json) std::puts(shown.dump(2).c_str());
    return exit_code::done;
  }
  if (!is_wanted(yes, "setting projections back")) return exit_code::refused;
  auto all = ordered_json::array();
  for (const auto* each : *which) {
    std::optional<progress_bar> bar;
    const auto folded = [&](std::uint64_t records, std::uint64_t of) {
      if (!bar) bar.emplace("setting " + std::string(each->name()) + " back", "records", of);
      bar->advance_to(records);
    };
    const auto done = on_record(given, reset_change(*each, how), [&] { return projections::reset_projection(source, *each, *place, {}, folded); });
    bar.reset();
    if (!done) return report(done.error());
    if (json) all.push_back(reset_json(*done, true));
    else std::printf("%s: set back in %zu partitions\n", done->projection.c_str(), done->partitions.size());
  }
  if (json) std::puts(all.dump(2).c_str());
  return exit_code::done;
}

} // namespace

exit_code run_projections(const settings& given, const projections_options& how, bool json, bool yes) {
  if (how.action == "reset") return reset(given, how, json, yes);
  auto database = open_database(given);
  if (!database) return report(database.error());
  if (how.action == "list") return list_places(*database, json);
  const auto which = chosen_folds(how.projections);
  if (!which) return report(which.error());
  std::optional<events::partition_number> partition;
  if (how.partition) partition = {*how.partition};
  std::size_t changed = 0;
  for (const auto* each : *which) {
    cli_change change{.action = "projection." + how.action, .subject = std::string(each->name()), .reason = how.reason};
    if (how.partition) change.detail["partition"] = *how.partition;
    const auto done = on_record(given, std::move(change), [&] {
      return how.action == "pause" ? projections::pause_projection(*database, *each, partition, how.reason) : projections::resume_projection(*database, *each, partition);
    });
    if (!done) return report(done.error());
    changed += *done;
  }
  const auto* word = how.action == "pause" ? "paused" : "resumed";
  if (json) std::puts(ordered_json{{word, changed}}.dump().c_str());
  else std::printf("%s: %zu partitions\n", word, changed);
  return exit_code::done;
}

} // namespace reverie::ops
