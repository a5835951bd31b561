#include "ops/cli/commands.hpp"
#include "ops/cli/impact_preview.hpp"
#include "ops/cli/operator_trail.hpp"
#include "ops/cli/projection_choice.hpp"
#include "ops/cli/printed_number.hpp"
#include "projections/postgres/advisory_lock.hpp"
#include "projections/runner/preflight.hpp"
#include "projections/runner/version_switch.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace reverie::ops {

namespace {

using nlohmann::ordered_json;
using projections::fold;
using act = rebuild_options::act;
using folds = std::vector<const fold*>;

/// Old (stored) against new (expected), named by the new version as the console does.
ordered_json rebuilt_difference(const projections::row_difference& row) {
  using kind = projections::row_difference::kind;
  auto shown = difference_json(row);
  shown["what"] = row.what == kind::missing ? "only_in_new" : row.what == kind::unexpected ? "missing_in_new" : "different";
  return shown;
}

ordered_json projection_json(const projections::rebuilt_projection& each) {
  auto differences = ordered_json::array();
  for (const auto& row : each.found.first) differences.push_back(rebuilt_difference(row));
  return {{"projection", each.projection}, {"old_version", each.old_version}, {"new_version", each.new_version}, {"switched", each.switched},
          {"resumed", each.resumed}, {"compared", each.compared}, {"rows", each.found.rows}, {"differences", each.found.differences},
          {"first", differences}, {"parked", each.parked}};
}

void print_report(const projections::rebuild_report& done, bool json) {
  if (json) {
    auto all = ordered_json::array();
    for (const auto& each : done.projections) all.push_back(projection_json(each));
    std::puts(ordered_json{{"records", done.records}, {"events", done.events}, {"took_ms", done.took.count()}, {"held_back", done.held_back}, {"projections", all}}.dump().c_str());
    return;
  }
  for (const auto& each : done.projections) {
    for (const auto& row : each.found.first) std::printf("difference: %s\n", rebuilt_difference(row).dump().c_str());
    std::printf("%s: v%u -> v%u, %s", each.projection.c_str(), each.old_version, each.new_version, each.switched ? "serving" : "ready, not switched");
    if (each.compared) std::printf(", %llu rows compared, %llu differed", printed(each.found.rows), printed(each.found.differences));
    if (each.parked > 0) std::printf(", %llu dead letters", printed(each.parked));
    std::puts("");
  }
  if (!done.held_back.empty()) std::printf("not switched: %s\n", done.held_back.c_str());
  std::printf("rebuilt: %zu projections from %llu records in %.1f s\n", done.projections.size(), printed(done.records), static_cast<double>(done.took.count()) / 1000);
}

exit_code rebuild_now(const settings& given, const folds& which, const rebuild_options& how, bool json) {
  auto access = open_log_and_database(given);
  if (!access) return report(access.error());
  auto progress = std::make_shared<step_progress>("rebuild");
  projections::rebuild_options options{.switch_over = !how.no_switch, .keep_old = !how.no_keep, .compare = !how.no_compare, .expect_same = how.expect_same, .despite_parked = how.despite_parked, .pace = {}};
  options.pace.events_per_second = how.events_per_second.value_or(static_cast<std::uint64_t>(given.number("rebuild-events-per-second")));
  options.pace.live_p99_ms = how.live_p99_ms.value_or(static_cast<std::uint64_t>(given.number("rebuild-live-p99-ms")));
  const cli_change change{.action = "projection.rebuild", .subject = names_of(which), .reason = how.reason,
                          .detail = {{"switch", options.switch_over}, {"keep_old", options.keep_old}, {"compare", options.compare}, {"expect_same", options.expect_same}, {"despite_dead_letters", options.despite_parked},
                                     {"rate", options.pace.events_per_second}, {"live_p99_ms", options.pace.live_p99_ms}}};
  auto done = on_record(given, change, [&] {
    return projections::rebuild({given.text("database-url"), *access->log, *access->vault->keys}, which,
                                [progress](const projections::bulk_progress& now) { (*progress)(now); }, {}, options);
  });
  progress.reset();
  if (!done) return report(done.error());
  print_report(*done, json);
  bool held_back = false;
  for (const auto& each : done->projections)
    held_back = held_back || (how.expect_same && (!each.compared || each.found.differences > 0)) ||
                (!how.no_switch && !how.despite_parked && !each.switched && each.parked > each.parked_before);
  return held_back ? exit_code::differences : exit_code::done;
}

exit_code look_first(const settings& given, const folds& which, bool json) {
  auto access = open_log_and_database(given);
  if (!access) return report(access.error());
  auto progress = std::make_shared<step_progress>("dry run");
  auto found = projections::look_ahead({given.text("database-url"), *access->log, *access->vault->keys}, which,
                                       [progress](const projections::bulk_progress& now) { (*progress)(now); });
  progress.reset();
  if (!found) return report(found.error());
  auto poison = ordered_json::array(), all = ordered_json::array();
  for (const auto& each : found->poison)
    poison.push_back({{"position", events::to_string(each.position)}, {"entity", events::to_string(each.entity)}, {"code", each.code}, {"message", each.message}});
  for (const auto& each : found->projections)
    all.push_back({{"projection", each.projection}, {"events", each.events}, {"rows", each.rows}, {"bytes", each.bytes}, {"index_bytes", each.index_bytes}, {"seconds", each.seconds},
                   {"parked_in_sample", each.parked_in_sample}, {"without_embedding", each.without_embedding}, {"embeddings_cached", each.embeddings_cached}});
  if (json) {
    std::puts(ordered_json{{"records", found->records}, {"events", found->events}, {"unreadable_or_missing", found->poison_total}, {"first", poison}, {"projections", all}}.dump(2).c_str());
    return exit_code::done;
  }
  for (const auto& each : poison) std::printf("does not fit: %s\n", each.dump().c_str());
  for (const auto& each : found->projections)
    std::printf("%s: %llu events, about %llu rows, %.1f MiB and %.1f MiB of indexes, %.0f s; %llu entities parked in the sample, %llu memories to embed, %llu in the cache\n", each.projection.c_str(),
                printed(each.events), printed(each.rows), static_cast<double>(each.bytes) / 1048576, static_cast<double>(each.index_bytes) / 1048576, each.seconds,
                printed(each.parked_in_sample), printed(each.without_embedding), printed(each.embeddings_cached));
  std::printf("looked: %llu records, %llu events, %llu records unreadable or missing\n", printed(found->records), printed(found->events), printed(found->poison_total));
  return exit_code::done;
}

/// One under way that nobody works on was interrupted.
std::string state_of(projections::connection& database, const projections::result& rebuilds, std::size_t line) {
  std::string state(rebuilds.text(line, 2));
  const bool under_way = state == "running" || state == "paused";
  return under_way && projections::advisory_lock::try_now(database, "rebuild." + std::string(rebuilds.text(line, 0))) ? "interrupted" : state;
}

exit_code show_status(projections::connection& database, bool json) {
  const auto versions = database.run("SELECT projection, version, state, serving, fold_version, coalesce(records, 0) FROM reverie.projection_versions ORDER BY 1, 2");
  const auto running = database.run("SELECT projection, version, state, step, records_done, records_total, events_per_second, message, work_share, live_p99_ms, "
                                    "live_p99_limit_ms FROM reverie.rebuilds ORDER BY 1");
  if (!versions || !running) return report((versions ? running : versions).error());
  auto all = ordered_json::array(), rebuilds = ordered_json::array();
  for (std::size_t i = 0; i < versions->rows(); ++i)
    all.push_back({{"projection", versions->text(i, 0)}, {"version", versions->integer(i, 1)}, {"state", versions->text(i, 2)},
                   {"serving", versions->boolean(i, 3)}, {"fold_version", versions->integer(i, 4)}, {"records", versions->integer(i, 5)}});
  for (std::size_t i = 0; i < running->rows(); ++i)
    rebuilds.push_back({{"projection", running->text(i, 0)}, {"version", running->integer(i, 1)}, {"state", state_of(database, *running, i)}, {"step", running->text(i, 3)},
                        {"records_done", running->integer(i, 4)}, {"records_total", running->integer(i, 5)}, {"events_per_second", running->integer(i, 6)},
                        {"message", running->text(i, 7)}, {"throttled", running->real(i, 8) < 1}, {"work_share", running->real(i, 8)},
                        {"live_p99_ms", running->is_null(i, 9) ? ordered_json() : ordered_json(running->real(i, 9))}, {"live_p99_limit_ms", running->integer(i, 10)}});
  if (json) {
    std::puts(ordered_json{{"versions", all}, {"rebuilds", rebuilds}}.dump(2).c_str());
    return exit_code::done;
  }
  for (const auto& each : all) std::printf("%s\n", each.dump().c_str());
  for (const auto& each : rebuilds) std::printf("rebuild: %s\n", each.dump().c_str());
  return exit_code::done;
}

events::outcome<std::string> act_on(projections::connection& database, const fold& of, const rebuild_options& how) {
  const std::string name(of.name());
  if (how.what == act::roll_back) {
    auto back = projections::roll_back(database, of);
    if (!back) return std::unexpected(back.error());
    return name + ": v" + std::to_string(back->number) + " serves";
  }
  if (how.what == act::drop_old) {
    auto dropped = projections::drop_old(database, name);
    if (!dropped) return std::unexpected(dropped.error());
    return name + ": " + std::to_string(*dropped) + " older versions dropped";
  }
  if (how.what == act::cancel) {
    auto cancelled = projections::cancel_rebuild(database, of);
    if (!cancelled) return std::unexpected(cancelled.error());
    return name + ": " + *cancelled;
  }
  const bool pause = how.what == act::pause;
  auto steered = projections::steer_rebuild(database, name, pause ? "pause" : "run", how.events_per_second, how.live_p99_ms);
  if (!steered) return events::fail(events::failure_code::locked, steered.error().message);
  return name + (pause ? ": pauses" : ": goes on");
}

/// Named as the console's actions are.
cli_change change_of(const fold& of, const rebuild_options& how) {
  cli_change change{.action = {}, .subject = std::string(of.name()), .reason = how.reason};
  change.action = how.what == act::roll_back  ? "projection.roll-back"
                  : how.what == act::drop_old ? "projection.drop"
                  : how.what == act::cancel   ? "rebuild.cancel"
                  : how.what == act::pause    ? "rebuild.pause"
                                              : "rebuild.resume";
  if (how.events_per_second) change.detail["rate"] = *how.events_per_second;
  if (how.live_p99_ms) change.detail["live_p99_ms"] = *how.live_p99_ms;
  return change;
}

/// Shows what goes, and asks.
events::outcome<bool> may_go(projections::connection& database, const folds& which, act what, bool yes) {
  if (yes || (what != act::drop_old && what != act::cancel)) return true;
  const auto told = what == act::drop_old ? tell_older_versions(database, which) : tell_begun_rebuilds(database, which);
  if (!told) return std::unexpected(told.error());
  return is_wanted(yes, what == act::drop_old ? "dropping older versions" : "ending a rebuild and taking away what it has made");
}

} // namespace

exit_code run_rebuild(const settings& given, const rebuild_options& how, bool json, bool yes) {
  auto which = chosen_folds(how.projections);
  if (!which) return report(which.error());
  if (how.what == act::rebuild) return rebuild_now(given, *which, how, json);
  if (how.what == act::dry_run) return look_first(given, *which, json);
  auto database = open_database(given);
  if (!database) return report(database.error());
  if (how.what == act::status) return show_status(*database, json);
  const auto may = may_go(*database, *which, how.what, yes);
  if (!may) return report(may.error());
  if (!*may) return exit_code::refused;
  for (const auto* each : *which) {
    auto done = on_record(given, change_of(*each, how), [&] { return act_on(*database, *each, how); });
    if (!done) return report(done.error());
    if (json) std::puts(ordered_json{{"projection", each->name()}, {"done", *done}}.dump().c_str());
    else std::puts(done->c_str());
  }
  return exit_code::done;
}

} // namespace reverie::ops
