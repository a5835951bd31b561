#include "projections/runner/projection_pause.hpp"

#include "projections/postgres/advisory_lock.hpp"
#include "projections/postgres/projection_versions.hpp"

namespace reverie::projections {
namespace {

constexpr std::size_t reason_bytes = 500;

/// `$2` of the statements: a partition, or every one.
std::optional<std::string> text_of(std::optional<events::partition_number> partition) {
  return partition ? std::optional(std::to_string(partition->value)) : std::nullopt;
}

/// Changes what stands still, and tells runners; behind the gate, so that no position moves meanwhile. Answers the changed rows.
outcome<std::size_t> change(connection& database, const statement& how) {
  std::size_t changed = 0;
  const auto done = in_transaction(database, [&]() -> outcome<void> {
    if (auto closed = close_gate(database); !closed) return closed;
    const auto rows = database.run(how.sql, how.params);
    if (!rows) return std::unexpected(rows.error());
    changed = rows->rows();
    return changed > 0 ? note_change(database) : outcome<void>{};
  });
  if (!done) return std::unexpected(done.error());
  return changed;
}

} // namespace

outcome<std::size_t> pause_projection(connection& database, const fold& of, std::optional<events::partition_number> partition, const std::string& reason) {
  if (reason.empty() || reason.size() > reason_bytes)
    return events::fail(failure_code::malformed, "a pause needs a reason, of at most " + std::to_string(reason_bytes) + " bytes");
  const std::string name(of.name());
  const auto lock = advisory_lock::try_now(database, "rebuild." + name);
  if (!lock) return events::fail(lock.error().code, "a rebuild of " + name + " is running, or can't be asked about: " + lock.error().message);
  if (partition) {
    const auto known = database.run("SELECT 1 FROM runner.projection_positions WHERE projection = $1 AND partition = $2 LIMIT 1", {name, text_of(partition)});
    if (!known) return std::unexpected(known.error());
    if (known->rows() == 0) return events::fail(failure_code::malformed, "the projection " + name + " has no partition " + std::to_string(partition->value));
  }
  return change(database, {"INSERT INTO runner.paused_projections (projection, partition, reason) "
                           "SELECT DISTINCT projection, partition, $3 FROM runner.projection_positions "
                           "WHERE projection = $1 AND partition = coalesce($2::integer, partition) ON CONFLICT DO NOTHING RETURNING partition",
                           {name, text_of(partition), reason}});
}

outcome<std::size_t> resume_projection(connection& database, const fold& of, std::optional<events::partition_number> partition) {
  return change(database, {"DELETE FROM runner.paused_projections WHERE projection = $1 AND partition = coalesce($2::integer, partition) RETURNING partition",
                           {std::string(of.name()), text_of(partition)}});
}

outcome<std::vector<paused_projection>> paused_projections(connection& database, std::optional<events::partition_number> partition) {
  const auto rows = database.run("SELECT projection, partition, reason FROM runner.paused_projections WHERE partition = coalesce($1::integer, partition) "
                                 "ORDER BY projection, partition",
                                 {text_of(partition)});
  if (!rows) return std::unexpected(rows.error());
  std::vector<paused_projection> found;
  for (std::size_t i = 0; i < rows->rows(); ++i)
    found.push_back({std::string(rows->text(i, 0)), {static_cast<std::uint32_t>(rows->integer(i, 1))}, std::string(rows->text(i, 2))});
  return found;
}

outcome<void> refuse_paused(connection& database, const fold& of) {
  const auto found = paused_projections(database);
  if (!found) return std::unexpected(found.error());
  for (const auto& each : *found)
    if (each.projection == of.name())
      return events::fail(failure_code::locked, "the projection " + each.projection + " is paused in partition " + std::to_string(each.partition.value) + ": resume it first");
  return {};
}

} // namespace reverie::projections
