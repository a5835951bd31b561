#include "ops/cli/projection_choice.hpp"

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace reverie::ops {

using nlohmann::ordered_json;
using projections::fold;

namespace {

events::outcome<void> check_database(const settings& given) {
  if (!given.text("database-url").empty()) return {};
  return events::fail(events::failure_code::malformed, "no database is named: set --database-url or REVERIE_DATABASE_URL");
}

std::string_view name_of(projections::row_difference::kind what) {
  using kind = projections::row_difference::kind;
  return what == kind::missing ? "missing" : what == kind::unexpected ? "unexpected" : "different";
}

} // namespace

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

events::outcome<log_access> open_log_and_database(const settings& given) {
  if (auto named = check_database(given); !named) return std::unexpected(named.error());
  return open_log_for_reading(given);
}

events::outcome<projections::connection> open_database(const settings& given) {
  if (auto named = check_database(given); !named) return std::unexpected(named.error());
  return projections::connection::open(given.text("database-url"));
}

void step_progress::operator()(const projections::bulk_progress& now) {
  const auto step = std::string(now.step) + (now.throttled ? ", throttled" : "");
  if (step != step_) {
    step_ = step;
    bar_.reset();
    note_.reset();
    const auto title = title_ + ": " + step_;
    if (now.records_total > 0 && now.records_done >= now.records_total) note_.emplace(title);
    else bar_.emplace(title, unit_, now.records_total, now.records_done);
  }
  if (bar_) bar_->advance_to(now.records_done);
}

ordered_json difference_json(const projections::row_difference& row) {
  auto place = [](const auto& position) { return position ? ordered_json(events::to_string(*position)) : ordered_json(); };
  return {{"projection", row.projection}, {"table", row.table},       {"key", row.key},
          {"what", name_of(row.what)},    {"columns", row.columns}, {"stored_cause", place(row.stored_cause)},
          {"expected_cause", place(row.expected_cause)}};
}

bool is_wanted(bool yes, const std::string& what) {
  if (yes) return true;
  if (::isatty(0) == 0) {
    std::fprintf(stderr, "reverie: %s can't be undone: say --yes\n", what.c_str());
    return false;
  }
  std::fprintf(stderr, "%s can't be undone. Go on? [y/N] ", what.c_str());
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "yes";
}

} // namespace reverie::ops
