#include "projections/runner/dead_letters.hpp"

#include "projections/postgres/advisory_lock.hpp"
#include "projections/postgres/array_text.hpp"
#include "projections/runner/letter_folding.hpp"
#include "projections/runner/version_switch.hpp"

#include <algorithm>
#include <set>

namespace reverie::projections {
namespace {

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
  auto where = where_of(which, params);
  if (which.version) {
    params.emplace_back(std::to_string(*which.version));
    where += " AND d.version = $" + std::to_string(params.size());
  } else {
    where += " AND v.serving";
  }
  params.emplace_back(std::to_string(limit));
  const auto rows = database.run("SELECT d.id, d.projection, d.entity, d.partition, d.log_offset, d.sequence, d.code, d.message, d.state, d.reason, d.attempts, " +
                                     as_milliseconds("d.created_at") + ", d.version FROM runner.dead_letters d JOIN runner.projection_versions v USING (projection, version) "
                                     "WHERE true" + where + " ORDER BY d.projection, d.entity, d.sequence, d.id LIMIT $" + std::to_string(params.size()),
                                 params);
  if (!rows) return std::unexpected(rows.error());
  std::vector<dead_letter_row> all;
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    const auto number = [&](std::size_t column) { return static_cast<std::uint64_t>(rows->integer(i, column)); };
    const auto text = [&](std::size_t column) { return std::string(rows->text(i, column)); };
    all.push_back({.id = rows->integer(i, 0), .projection = text(1), .entity = events::parse_entity(rows->text(i, 2)).value_or(events::entity_ref{}),
                   .position = {{static_cast<std::uint32_t>(number(3))}, {number(4)}}, .sequence = {number(5)}, .code = text(6), .message = text(7),
                   .state = text(8), .reason = text(9), .attempts = rows->integer(i, 10), .created_at = rows->time(i, 11),
                   .version = static_cast<std::uint32_t>(rows->integer(i, 12))});
  }
  return all;
}

namespace {

using chosen_sequence = std::tuple<std::string, std::uint32_t, std::string>;

/// One part of an entity's letters in every followed version; inside the caller's transaction behind the gate. Answers whether there is more.
outcome<bool> retry_part(connection& database, const bulk_source& source, const chosen_sequence& which, retry_report& report) {
  const auto& [projection, partition, entity] = which;
  const auto* of = find_fold(projection);
  if (of == nullptr) return false;
  const auto catalogue = read_catalogue(database);
  if (!catalogue) return std::unexpected(catalogue.error());
  const auto rules = event_rules::load(database);
  if (!rules) return std::unexpected(rules.error());
  bool more = false;
  for (const auto& version : catalogue->versions) {
    if (version.state != version_state::followed || !version.is_of(*of)) continue;
    const auto some = fold_letters(database, source, {*of, version, {partition}, entity}, **rules);
    if (!some) return std::unexpected(some.error());
    more = more || some->more;
    if (!version.serving) continue;
    report.retried += some->folded;
    if (!some->problem.empty()) report.problems.push_back(some->problem);
  }
  if (auto noted = note_change(database); !noted) return std::unexpected(noted.error());
  return more;
}

void add_to(retry_report& report, const retry_report& more) {
  report.retried += more.retried;
  report.problems.insert(report.problems.end(), more.problems.begin(), more.problems.end());
}

/// What is still parked, in the serving versions, of the sequences that were tried.
outcome<std::uint64_t> count_left(connection& database, const std::set<chosen_sequence>& tried) {
  array_text projections, partitions, entities;
  for (const auto& [projection, partition, entity] : tried) {
    projections.add_text(projection);
    partitions.add_plain(std::to_string(partition));
    entities.add_text(entity);
  }
  const auto left = database.run("SELECT count(*) FROM runner.dead_letters d JOIN runner.projection_versions v USING (projection, version) "
                                 "JOIN unnest($1::text[], $2::integer[], $3::text[]) u(projection, partition, entity) "
                                 "ON d.projection = u.projection AND d.partition = u.partition AND d.entity = u.entity WHERE v.serving AND d.state = 'parked'",
                                 {std::move(projections).finish(), std::move(partitions).finish(), std::move(entities).finish()});
  if (!left) return std::unexpected(left.error());
  return static_cast<std::uint64_t>(left->integer(0, 0));
}

} // namespace

outcome<retry_report> retry_letters(const bulk_source& source, const letter_choice& which, const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  auto database = connection::open(source.conninfo);
  if (!database) return std::unexpected(database.error());
  const auto lock = advisory_lock::try_now(*database, "dead_letters");
  if (!lock) return std::unexpected(lock.error());
  const auto chosen = chosen_sequences(*database, which);
  if (!chosen) return std::unexpected(chosen.error());
  retry_report report;
  const auto parked = count_left(*database, *chosen);
  if (!parked) return std::unexpected(parked.error());
  for (const auto& each : *chosen) {
    for (bool more = true; more;) {
      retry_report attempt;
      const auto done = behind_gate(*database, [&]() -> outcome<bool> {
        attempt = {};
        const auto some = retry_part(*database, source, each, attempt);
        if (!some) return std::unexpected(some.error());
        more = *some;
        return true;
      });
      if (!done) return std::unexpected(done.error());
      add_to(report, attempt);
      if (progress) progress(report.retried, *parked);
    }
  }
  const auto left = count_left(*database, *chosen);
  if (!left) return std::unexpected(left.error());
  report.left = *left;
  return report;
}

outcome<retry_report> try_letters(const bulk_source& source, const letter_choice& which) {
  auto database = connection::open(source.conninfo);
  if (!database) return std::unexpected(database.error());
  const auto lock = advisory_lock::try_now(*database, "dead_letters");
  if (!lock) return std::unexpected(lock.error());
  const auto chosen = chosen_sequences(*database, which);
  if (!chosen) return std::unexpected(chosen.error());
  retry_report report;
  // Alone, as a retry is: what it finds is what a retry would find. Everything is undone at the end, whatever came of it.
  if (auto begun = database->run_script("BEGIN"); !begun) return std::unexpected(begun.error());
  const auto tried = [&]() -> outcome<void> {
    if (auto closed = close_gate(*database); !closed) return closed;
    for (const auto& each : *chosen) {
      for (bool more = true; more;) {
        const auto some = retry_part(*database, source, each, report);
        if (!some) return std::unexpected(some.error());
        more = *some && report.retried < tried_letters_max;
      }
      if (report.retried >= tried_letters_max) break;
    }
    const auto left = count_left(*database, *chosen);
    if (!left) return std::unexpected(left.error());
    report.left = *left;
    return {};
  }();
  database->roll_back();
  if (!tried) return std::unexpected(tried.error());
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
