#include "ops/cli/commands.hpp"
#include "ops/cli/projection_choice.hpp"
#include "ops/cli/printed_number.hpp"
#include "projections/postgres/migrations.hpp"
#include "projections/runner/verify.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace reverie::ops {

namespace {

using nlohmann::ordered_json;

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

exit_code run_verify(const settings& given, const verify_options& how, bool json) {
  auto folds = chosen_folds(how.projections);
  if (!folds) return report(folds.error());
  auto access = open_log_and_database(given);
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
    std::printf("verified: %llu records, %llu rows, %llu differences\n", printed(done->records),
                printed(done->rows), printed(done->differences));
  }
  return done->differences == 0 ? exit_code::done : exit_code::differences;
}

} // namespace reverie::ops
