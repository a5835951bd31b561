#pragma once

#include "ops/cli/log_access.hpp"
#include "ops/cli/progress_bar.hpp"
#include "projections/runner/rebuild.hpp"

#include <nlohmann/json_fwd.hpp>

namespace reverie::ops {

/// The projections that were named, or all; `malformed` for a name nobody knows.
events::outcome<std::vector<const projections::fold*>> chosen_folds(const std::vector<std::string>& names);

/// The log and a database, which must be named.
events::outcome<log_access> open_log_and_database(const settings& given);
events::outcome<projections::connection> open_database(const settings& given);

/// A bar for each step of bulk work; a step that counts nothing says how long it takes.
class step_progress {
public:
  explicit step_progress(std::string title, std::string unit = "records") : title_(std::move(title)), unit_(std::move(unit)) {}
  void operator()(const projections::bulk_progress& now);

private:
  std::string title_, unit_, step_;
  std::optional<progress_bar> bar_;
  std::optional<waiting_note> note_;
};

nlohmann::ordered_json difference_json(const projections::row_difference& row);

/// Whether to go on with what can't be undone: `--yes`, or a yes on the terminal. Without a terminal nobody is asked, and it is a no.
bool is_wanted(bool yes, const std::string& what);

} // namespace reverie::ops
