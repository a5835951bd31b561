#include "projections/runner/dead_letters.hpp"

#include "projections/postgres/advisory_lock.hpp"
#include "projections/postgres/row_sql.hpp"
#include "projections/runner/batch_commit.hpp"
#include "projections/runner/version_switch.hpp"

#include <algorithm>
#include <set>

namespace reverie::projections {
namespace {

constexpr std::size_t letters_at_once = 200; // in one transaction, while everybody waits

/// The conditions of a choice on `d`, a dead letter.
std::string where_of(const letter_choice& which, sql_params& params) {
  std::string sql;
  const auto add = [&](const char* column, std::string value) {
    params.emplace_back(std::move(value));
    sql += " AND d." + std::string(column) + " = $" + std::to_string(params.size());
  };
  if (which.projection) add("projection", *which.projection);
  if (which.entity) add("entity", events::to_string(*which.entity));
  if (which.id) add("id", std::to_string(*which.id));
  if (!which.state.empty()) add("state", which.state);
  return sql;
}

/// The parked events of one entity in one version.
struct parked_sequence {
  const fold& of;
  const projection_version& version;
  events::partition_number partition;
  std::string entity;
};

struct letter {
  std::int64_t id = 0;
  events::log_offset offset{};
  events::sequence_number sequence{};
  std::string code;
};

outcome<std::vector<letter>> letters_of(connection& database, const parked_sequence& one) {
  const auto rows = database.run("SELECT id, log_offset, sequence, code FROM runner.dead_letters WHERE projection = $1 AND version = $2 AND partition = $3 "
                                 "AND entity = $4 AND state = 'parked' ORDER BY sequence, log_offset LIMIT $5",
                                 {one.version.projection, std::to_string(one.version.number), std::to_string(one.partition.value), one.entity,
                                  std::to_string(letters_at_once + 1)}); // the last one only tells where the one before it ends
  if (!rows) return std::unexpected(rows.error());
  std::vector<letter> all;
  for (std::size_t i = 0; i < rows->rows(); ++i)
    all.push_back({rows->integer(i, 0), {static_cast<std::uint64_t>(rows->integer(i, 1))}, {static_cast<std::uint64_t>(rows->integer(i, 2))}, std::string(rows->text(i, 3))});
  return all;
}

outcome<void> write_rows(connection& database, const folded_batch& folded, const std::string& schema) {
  std::vector<statement> all;
  for (const auto& each : folded.rows->changes())
    for (auto& one : statements_of(each, schema)) all.push_back(std::move(one));
  const auto written = database.run_all(all);
  if (!written) return std::unexpected(written.error());
  return {};
}

/// Folds one letter's events inside the transaction; a failure leaves nothing of it.
outcome<void> fold_again(connection& database, const bulk_source& source, const parked_sequence& one, const letter& which, events::sequence_number end) {
  if (which.code == "sequence_gap") return events::fail(failure_code::corrupted, "records of this entity are missing in the log");
  auto record = read_record(source.log, source.keys, {one.partition, which.offset});
  if (!record) return std::unexpected(record.error());
  if (record->unreadable) return std::unexpected(*record->unreadable);
  const auto gone = load_discarded(database, one.of.name());
  if (!gone) return std::unexpected(gone.error());
  std::erase_if(record->happened, [&](const auto& each) { return each.context.sequence < which.sequence || (end.value > 0 && each.context.sequence >= end); });
  const intake_record records[] = {std::move(*record)};
  const auto folded = fold_batch(database, one.of, one.version.schema, one.partition, records, {}, false, *gone);
  if (!folded) return std::unexpected(folded.error());
  if (!folded->letters.empty()) return events::fail(failure_code::malformed, folded->letters.front().message);
  if (auto saved = database.run_script("SAVEPOINT letter"); !saved) return saved;
  if (auto written = write_rows(database, *folded, one.version.schema); !written) {
    if (database.usable()) (void)database.run_script("ROLLBACK TO SAVEPOINT letter");
    return written;
  }
  return database.run_script("RELEASE SAVEPOINT letter");
}

/// The first letters of a sequence, in order, up to one that fails. Answers whether there may be more to do.
outcome<bool> retry_some(connection& database, const bulk_source& source, const parked_sequence& one, retry_report& report) {
  const auto letters = letters_of(database, one);
  if (!letters) return std::unexpected(letters.error());
  for (std::size_t i = 0; i < std::min(letters->size(), letters_at_once); ++i) {
    const auto& each = (*letters)[i];
    const bool same_record = i + 1 < letters->size() && (*letters)[i + 1].offset == each.offset;
    const auto done = fold_again(database, source, one, each, same_record ? (*letters)[i + 1].sequence : events::sequence_number{0});
    if (!done && (!database.usable() || is_passing(done.error().code))) return std::unexpected(done.error());
    const auto noted = done ? database.run("UPDATE runner.dead_letters SET state = 'retried', attempts = attempts + 1, updated_at = now() WHERE id = $1", {std::to_string(each.id)})
                            : database.run("UPDATE runner.dead_letters SET attempts = attempts + 1, updated_at = now(), message = $2, "
                                           "code = CASE WHEN code = 'behind_parked' THEN 'fold_failed' ELSE code END WHERE id = $1",
                                           {std::to_string(each.id), done.error().message});
    if (!noted) return std::unexpected(noted.error());
    if (!done) {
      if (one.version.serving) report.problems.push_back(one.version.projection + " " + one.entity + " at sequence " + std::to_string(each.sequence.value) + ": " + done.error().message);
      return false;
    }
    if (one.version.serving) ++report.retried;
  }
  return letters->size() > letters_at_once;
}

/// All followed versions of what was chosen, entity by entity.
outcome<std::set<std::tuple<std::string, std::uint32_t, std::string>>> chosen_sequences(connection& database, const letter_choice& which) {
  sql_params params;
  const auto rows = database.run("SELECT DISTINCT d.projection, d.partition, d.entity FROM runner.dead_letters d JOIN runner.projection_versions v "
                                 "USING (projection, version) WHERE v.state = 'followed'" + where_of(which, params), params);
  if (!rows) return std::unexpected(rows.error());
  std::set<std::tuple<std::string, std::uint32_t, std::string>> all;
  for (std::size_t i = 0; i < rows->rows(); ++i) all.emplace(rows->text(i, 0), static_cast<std::uint32_t>(rows->integer(i, 1)), rows->text(i, 2));
  return all;
}

} // namespace

outcome<std::vector<dead_letter_row>> list_letters(connection& database, const letter_choice& which, std::size_t limit) {
  sql_params params;
  const auto where = where_of(which, params);
  params.emplace_back(std::to_string(limit));
  const auto rows = database.run("SELECT d.id, d.projection, d.entity, d.partition, d.log_offset, d.sequence, d.code, d.message, d.state, d.reason, d.attempts, " +
                                     as_milliseconds("d.created_at") + " FROM runner.dead_letters d JOIN runner.projection_versions v USING (projection, version) "
                                     "WHERE v.serving" + where + " ORDER BY d.projection, d.entity, d.sequence, d.id LIMIT $" + std::to_string(params.size()),
                                 params);
  if (!rows) return std::unexpected(rows.error());
  std::vector<dead_letter_row> all;
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    const auto number = [&](std::size_t column) { return static_cast<std::uint64_t>(rows->integer(i, column)); };
    const auto text = [&](std::size_t column) { return std::string(rows->text(i, column)); };
    all.push_back({.id = rows->integer(i, 0), .projection = text(1), .entity = events::parse_entity(rows->text(i, 2)).value_or(events::entity_ref{}),
                   .position = {{static_cast<std::uint32_t>(number(3))}, {number(4)}}, .sequence = {number(5)}, .code = text(6), .message = text(7),
                   .state = text(8), .reason = text(9), .attempts = rows->integer(i, 10), .created_at = rows->time(i, 11)});
  }
  return all;
}

outcome<retry_report> retry_letters(const bulk_source& source, const letter_choice& which) {
  auto database = connection::open(source.conninfo);
  if (!database) return std::unexpected(database.error());
  const auto lock = advisory_lock::try_now(*database, "dead_letters");
  if (!lock) return std::unexpected(lock.error());
  const auto chosen = chosen_sequences(*database, which);
  if (!chosen) return std::unexpected(chosen.error());
  retry_report report;
  for (const auto& [projection, partition, entity] : *chosen) {
    const auto* of = find_fold(projection);
    if (of == nullptr) continue;
    for (bool more = true; more;) {
      more = false;
      retry_report attempt;
      const auto done = behind_gate(*database, [&]() -> outcome<bool> {
        attempt = {};
        const auto catalogue = read_catalogue(*database);
        if (!catalogue) return std::unexpected(catalogue.error());
        for (const auto& version : catalogue->versions) {
          if (version.state != version_state::followed || !version.is_of(*of)) continue;
          const auto some = retry_some(*database, source, {*of, version, {partition}, entity}, attempt);
          if (!some) return std::unexpected(some.error());
          more = more || *some;
        }
        if (auto noted = note_change(*database); !noted) return std::unexpected(noted.error());
        return true;
      });
      if (!done) return std::unexpected(done.error());
      report.retried += attempt.retried;
      report.problems.insert(report.problems.end(), attempt.problems.begin(), attempt.problems.end());
    }
  }
  auto rest = which;
  rest.state = "parked";
  rest.id.reset();
  const auto left = list_letters(*database, rest, INT32_MAX);
  if (!left) return std::unexpected(left.error());
  report.left = left->size();
  return report;
}

outcome<std::uint64_t> discard_letters(connection& database, const letter_choice& which, const std::string& reason) {
  if (reason.empty()) return events::fail(failure_code::malformed, "a reason is needed to discard");
  std::uint64_t discarded = 0;
  auto parked = which;
  parked.state = "parked";
  const auto done = behind_gate(database, [&]() -> outcome<bool> {
    sql_params params;
    const auto where = where_of(parked, params);
    params.emplace_back(reason);
    const auto number = "$" + std::to_string(params.size());
    // The serving version's letters are chosen; the same events are given up in every version.
    const auto gone = database.run("WITH chosen AS (SELECT DISTINCT d.projection, d.entity, d.sequence FROM runner.dead_letters d "
                                   "JOIN runner.projection_versions v USING (projection, version) WHERE v.serving" + where + "), "
                                   "noted AS (INSERT INTO runner.discarded_events (projection, entity, sequence, reason) "
                                   "SELECT projection, entity, sequence, " + number + " FROM chosen ON CONFLICT DO NOTHING), "
                                   "gone AS (UPDATE runner.dead_letters d SET state = 'discarded', reason = " + number + ", updated_at = now() FROM chosen c "
                                   "WHERE d.projection = c.projection AND d.entity = c.entity AND d.sequence = c.sequence AND d.state = 'parked') "
                                   "SELECT count(*) FROM chosen", params);
    if (!gone) return std::unexpected(gone.error());
    discarded = static_cast<std::uint64_t>(gone->integer(0, 0));
    if (auto noted = note_change(database); !noted) return std::unexpected(noted.error());
    return true;
  });
  if (!done) return std::unexpected(done.error());
  return discarded;
}

} // namespace reverie::projections
