#include "projections/runner/version_switch.hpp"

#include "projections/postgres/advisory_lock.hpp"
#include "projections/postgres/projection_schemas.hpp"

#include <thread>

namespace reverie::projections {
namespace {

constexpr int tries = 600;
constexpr std::chrono::milliseconds gate_tries_every{50};
/// Shorter than Postgres waits before it looks for deadlocks: never a reader is the victim of one.
constexpr const char* wait_for_readers = "SET LOCAL lock_timeout = '100ms'";

} // namespace

outcome<void> behind_gate(connection& database, const std::function<outcome<bool>()>& work, std::stop_token stop) {
  failure last{failure_code::timed_out, "the versions did not come to one place in time"};
  for (int i = 0; i < tries; ++i) {
    if (stop.stop_requested()) return events::fail(failure_code::cancelled, "stopped on request");
    if (auto begun = database.run_script("BEGIN"); !begun) return begun;
    if (auto closed = close_gate(database); !closed) return closed;
    if (auto set = database.run_script(wait_for_readers); !set) return set;
    const auto done = work();
    if (done && *done) return database.run_script("COMMIT");
    const auto& state = database.problem().state;
    const bool again = done || state == "55P03" || state == "40P01";
    database.roll_back();
    if (!again) return std::unexpected(done.error());
    if (!done) last = done.error();
    std::this_thread::sleep_for(gate_tries_every);
  }
  return std::unexpected(last);
}

outcome<projection_version> roll_back(connection& database, const fold& of) {
  const std::string name(of.name());
  const auto lock = advisory_lock::try_now(database, "rebuild." + name);
  if (!lock) return std::unexpected(lock.error());
  projection_version previous;
  const auto done = behind_gate(database, [&]() -> outcome<bool> {
    const auto catalogue = read_catalogue(database);
    if (!catalogue) return std::unexpected(catalogue.error());
    const auto* serving = catalogue->serving(name);
    const auto* found = catalogue->previous(name);
    if (serving == nullptr || found == nullptr) return events::fail(failure_code::locked, "the projection " + name + " has no older version to go back to");
    if (!found->is_of(of)) return events::fail(failure_code::unknown_version, "the older version of " + name + " belongs to another build");
    previous = *found;
    const auto apart = database.run("SELECT count(*) FROM runner.projection_positions a JOIN runner.projection_positions b USING (projection, partition) "
                                    "WHERE projection = $1 AND a.version = $2 AND b.version = $3 AND a.next <> b.next",
                                    {name, std::to_string(serving->number), std::to_string(found->number)});
    if (!apart) return std::unexpected(apart.error());
    if (apart->integer(0, 0) > 0) return events::fail(failure_code::locked, "the older version of " + name + " is not up to where the serving one is");
    if (auto served = serve_version(database, of, previous); !served) return std::unexpected(served.error());
    return true;
  });
  if (!done) return std::unexpected(done.error());
  return previous;
}

outcome<std::size_t> drop_old(connection& database, std::string_view projection, const projection_version* but) {
  std::size_t dropped = 0;
  const auto done = behind_gate(database, [&]() -> outcome<bool> {
    const auto catalogue = read_catalogue(database);
    if (!catalogue) return std::unexpected(catalogue.error());
    dropped = 0;
    for (const auto& each : catalogue->versions) {
      if (each.projection != projection || each.serving || each.state != version_state::followed || (but != nullptr && each.number == but->number)) continue;
      if (auto gone = remove_version(database, each); !gone) return std::unexpected(gone.error());
      ++dropped;
    }
    if (dropped > 0)
      if (auto noted = note_change(database); !noted) return std::unexpected(noted.error());
    return true;
  });
  if (!done) return std::unexpected(done.error());
  return dropped;
}

} // namespace reverie::projections
