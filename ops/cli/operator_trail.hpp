#pragma once

#include "gateway/bridge/audit_log.hpp"
#include "ops/server/settings.hpp"
#include "projections/postgres/connection_pool.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace reverie::ops {

/// What a command is about to change, as the operators' audit trail names it.
struct cli_change {
  std::string action;  ///< as the console's action is called: `projection.rebuild`
  std::string subject; ///< what it is about: a projection, `user/<id>`, `vectors v2`
  std::string reason;  ///< `--reason`; may be empty
  gateway::document detail = gateway::document::object();
};

/// A change by this command line in the operators' audit trail: `begun` before it, then `done` or `failed`, both under one request id, by
/// `cli:<user of this machine>` (the user who runs the process, not what the environment says). For one thread.
class operator_trail {
public:
  /// Writes `begun`. `malformed` when no database is named; when it can't be written, nothing may be done.
  static events::outcome<operator_trail> begin(const settings& given, cli_change what);
  /// Writes how it ended; a failure of that is told on standard error only, since `begun` is on record.
  void end(const events::failure* problem);

private:
  operator_trail(std::unique_ptr<projections::connection_pool> pool, gateway::audit_entry entry) : pool_(std::move(pool)), entry_(std::move(entry)) {}
  events::outcome<void> write(std::string outcome);

  std::unique_ptr<projections::connection_pool> pool_;
  gateway::audit_entry entry_;
};

/// Does the work between `begun` and `done` or `failed`, and gives what it gave.
template <class Work>
std::invoke_result_t<Work> on_record(const settings& given, cli_change what, Work work) {
  auto trail = operator_trail::begin(given, std::move(what));
  if (!trail) return std::unexpected(trail.error());
  auto done = work();
  trail->end(done ? nullptr : &done.error());
  return done;
}

/// `cli:<name>` of the user who runs this process; of one without a name its number.
std::string operator_of_process();

/// The names with commas between, for the subject of a change of several.
template <class Named>
std::string names_of(const std::vector<const Named*>& all) {
  std::string text;
  for (const auto* each : all) text += (text.empty() ? "" : ", ") + std::string(each->name());
  return text;
}

} // namespace reverie::ops
