#include "events/rocksdb/rocksdb_log.hpp"
#include "ops/cli/commands.hpp"
#include "ops/cli/log_access.hpp"
#include "ops/cli/progress_bar.hpp"
#include "projections/postgres/migrations.hpp"
#include "projections/runner/verify.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace reverie::ops {

namespace {

using nlohmann::ordered_json;
using projections::fold;

/// The projections that were named, or all.
events::outcome<std::vector<const fold*>> chosen_folds(const std::vector<std::string>& names) {
  if (names.empty()) return std::vector<const fold*>(projections::all_folds().begin(), projections::all_folds().end());
  std::vector<const fold*> chosen;
  for (const auto& name : names) {
    const auto* found = projections::find_fold(name);
    if (found == nullptr) {
      std::string known;
      for (const auto* each : projections::all_folds()) known += (known.empty() ? "" : ", ") + std::string(each->name());
      return events::fail(events::failure_code::malformed, "there is no projection '" + name + "'; there are: " + known);
    }
    chosen.push_back(found);
  }
  return chosen;
}

/// A bar per step of the work.
class step_progress {
public:
  explicit step_progress(std::string title) : title_(std::move(title)) {}
  void operator()(const projections::bulk_progress& now) {
    if (!bar_ || now.step != step_) {
      step_ = now.step;
      bar_.emplace(title_ + ": " + std::string(step_), "records", now.records_total);
    }
    bar_->advance_to(now.records_done);
  }

private:
  std::string title_, step_;
  std::optional<progress_bar> bar_;
};

events::outcome<log_access> open_all(const settings& given) {
  if (given.text("database-url").empty())
    return events::fail(events::failure_code::malformed, "no database is named: set --database-url or REVERIE_DATABASE_URL");
  return open_log_for_reading(given);
}

std::string_view name_of(projections::row_difference::kind what) {
  using kind = projections::row_difference::kind;
  return what == kind::missing ? "missing" : what == kind::unexpected ? "unexpected" : "different";
}

ordered_json difference_json(const projections::row_difference& row) {
  auto place = [](const auto& position) { return position ? ordered_json(events::to_string(*position)) : ordered_json(); };
  return {{"projection", row.projection}, {"table", row.table},       {"key", row.key},
          {"what", name_of(row.what)},    {"columns", row.columns}, {"stored_cause", place(row.stored_cause)},
          {"expected_cause", place(row.expected_cause)}};
}

} // namespace

exit_code run_migrate(const settings& given, bool json) {
  if (given.text("database-url").empty())
    return report({events::failure_code::malformed, "no database is named: set --database-url or REVERIE_DATABASE_URL"});
  auto database = projections::connection::open(given.text("database-url"));
  if (!database) return report(database.error());
  auto done = projections::migrate(*database);
  if (!done) return report(done.error());
  if (json) std::puts(ordered_json{{"applied", done->applied}, {"known_before", done->known_before}}.dump().c_str());
  else std::printf("migrated: %zu applied, %zu were there\n", done->applied.size(), done->known_before);
  return exit_code::done;
}

exit_code run_rebuild(const settings& given, const rebuild_options& how, bool json) {
  auto folds = chosen_folds(how.projections);
  if (!folds) return report(folds.error());
  auto access = open_all(given);
  if (!access) return report(access.error());
  auto progress = std::make_shared<step_progress>("rebuild");
  auto done = projections::rebuild({given.text("database-url"), *access->log, *access->vault->keys}, *folds,
                                   [progress](const projections::bulk_progress& now) { (*progress)(now); });
  progress.reset();
  if (!done) return report(done.error());
  if (json) std::puts(ordered_json{{"records", done->records}, {"events", done->events}, {"took_ms", done->took.count()}}.dump().c_str());
  else std::printf("rebuilt: %zu projections from %llu records in %.1f s\n", folds->size(), static_cast<unsigned long long>(done->records),
                   static_cast<double>(done->took.count()) / 1000);
  return exit_code::done;
}

exit_code run_verify(const settings& given, const verify_options& how, bool json) {
  auto folds = chosen_folds(how.projections);
  if (!folds) return report(folds.error());
  auto access = open_all(given);
  if (!access) return report(access.error());
  auto progress = std::make_shared<step_progress>("verify");
  auto done = projections::verify({given.text("database-url"), *access->log, *access->vault->keys}, *folds,
                                  [progress](const projections::bulk_progress& now) { (*progress)(now); });
  progress.reset();
  if (!done) return report(done.error());
  auto differences = ordered_json::array();
  for (const auto& row : done->first) differences.push_back(difference_json(row));
  if (json) std::puts(ordered_json{{"records", done->records}, {"rows", done->rows}, {"differences", done->differences}, {"first", differences}}.dump(2).c_str());
  else {
    for (const auto& row : differences) std::printf("difference: %s\n", row.dump().c_str());
    std::printf("verified: %llu records, %llu rows, %llu differences\n", static_cast<unsigned long long>(done->records),
                static_cast<unsigned long long>(done->rows), static_cast<unsigned long long>(done->differences));
  }
  return done->differences == 0 ? exit_code::done : exit_code::differences;
}

} // namespace reverie::ops
