#include "projections/runner/projection_reset.hpp"

#include "events/model/limits.hpp"
#include "projections/postgres/advisory_lock.hpp"
#include "projections/postgres/projection_schemas.hpp"
#include "projections/runner/version_places.hpp"
#include "projections/runner/version_switch.hpp"

namespace reverie::projections {
namespace {

constexpr std::chrono::milliseconds reset_read_wait{200};
constexpr int empty_reset_reads_max = 50;

std::string reset_text(std::uint64_t number) { return std::to_string(number); }

outcome<void> check_place(const reset_place& place) {
  const int named = (place.offset ? 1 : 0) + (place.time ? 1 : 0) + (place.start ? 1 : 0);
  if (named != 1) return events::fail(failure_code::malformed, "say where to: an offset, a time, or the log's start");
  if (place.offset && !place.partition) return events::fail(failure_code::malformed, "an offset is one of a partition: say which");
  return {};
}

/// The first record below `end` that was written at or after the time; `end` when there is none. Looked for from the start: the clocks of
/// writers need not agree.
outcome<events::log_offset> offset_at(events::event_log& log, events::partition_number partition, events::timestamp time, events::log_offset end) {
  const auto range = log.range(partition);
  if (!range) return std::unexpected(range.error());
  auto reader = log.reader(partition, range->first);
  if (!reader) return std::unexpected(reader.error());
  std::vector<events::stored_record> records;
  int empty_reads = 0;
  for (auto at = range->first; at < end;) {
    records.clear();
    if (const auto got = (*reader)->read(records, events::limits::read_batch_records, reset_read_wait); !got) return std::unexpected(got.error());
    if (records.empty() && ++empty_reads == empty_reset_reads_max) return events::fail(failure_code::unavailable, "the log does not give its records");
    for (const auto& each : records) {
      if (each.position.offset >= end) return end;
      if (each.content.headers.at >= time) return each.position.offset;
      at = each.position.offset.next();
      empty_reads = 0;
    }
  }
  return end;
}

outcome<events::log_offset> target_in(events::event_log& log, const reset_place& place, events::partition_number partition, events::log_offset next) {
  const auto range = log.range(partition);
  if (!range) return std::unexpected(range.error());
  const auto where = " in partition " + reset_text(partition.value);
  if (place.start) return std::min(range->first, next);
  if (place.time) return offset_at(log, partition, *place.time, next);
  if (*place.offset > next)
    return events::fail(failure_code::locked, "the projection stands at offset " + reset_text(next.value) + where + ": what lies ahead of it is never skipped");
  if (*place.offset < range->first)
    return events::fail(failure_code::malformed, "the log begins at offset " + reset_text(range->first.value) + where);
  return *place.offset;
}

outcome<std::uint64_t> count_rows(connection& database, const std::string& sql, const sql_params& params) {
  const auto found = database.run(sql, params);
  if (!found) return std::unexpected(found.error());
  return static_cast<std::uint64_t>(found->integer(0, 0));
}

/// Rows, dead letters and vectors behind the place.
outcome<void> measure(connection& database, const fold& of, const projection_version& one, reset_partition& into) {
  const sql_params behind{reset_text(into.partition.value), reset_text(into.to.value)};
  for (const auto* each : of.tables()) {
    const auto rows = count_rows(database, "SELECT count(*) FROM " + one.schema + "." + std::string(each->name) + " WHERE log_partition = $1 AND log_offset >= $2", behind);
    if (!rows) return std::unexpected(rows.error());
    into.rows_touched += *rows;
  }
  const auto letters = count_rows(database, "SELECT count(*) FROM runner.dead_letters WHERE projection = $3 AND version = $4 AND partition = $1 AND log_offset >= $2 "
                                       "AND state IN ('parked', 'retried')", {behind[0], behind[1], one.projection, reset_text(one.number)});
  if (!letters) return std::unexpected(letters.error());
  into.dead_letters = *letters;
  const auto vectors = database.run("SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relkind = 'r' AND relname LIKE 'memory\\_vectors\\_%'", {one.schema});
  if (!vectors) return std::unexpected(vectors.error());
  for (std::size_t i = 0; i < vectors->rows(); ++i) {
    const auto some = count_rows(database, "SELECT count(*) FROM " + one.schema + "." + std::string(vectors->text(i, 0)) + " v JOIN " + one.schema +
                                      ".memories m ON m.id = v.memory_id WHERE m.log_partition = $1 AND m.log_offset >= $2", behind);
    if (!some) return std::unexpected(some.error());
    into.embeddings_again += *some;
  }
  return {};
}

std::string key_match(const table& one) {
  std::string sql;
  for (std::size_t i = 0; i < one.key_columns; ++i) sql.append(i == 0 ? "" : " AND ").append("a.").append(one.columns[i].name).append(" = b.").append(one.columns[i].name);
  return sql;
}

std::string columns_from(const table& one, const std::string& from) {
  std::string sql;
  for (const auto& each : one.columns) sql.append(sql.empty() ? "" : ", ").append(from).append(each.name);
  for (const auto& each : lineage_columns) sql.append(", ").append(from).append(each.name);
  return sql;
}

/// Makes the partition's rows of a table those of the shadow. What is the same stays, with all that hangs on it.
outcome<void> put_in_place(connection& database, const table& one, const std::string& schema, const std::string& shadow, events::partition_number partition) {
  const auto name = schema + "." + std::string(one.name), made = shadow + "." + std::string(one.name);
  const auto gone = database.run("DELETE FROM " + name + " a WHERE a.log_partition = $1 AND NOT EXISTS (SELECT FROM " + made + " b WHERE " + key_match(one) +
                                 " AND ROW(" + columns_from(one, "a.") + ") IS NOT DISTINCT FROM ROW(" + columns_from(one, "b.") + "))", {reset_text(partition.value)});
  if (!gone) return std::unexpected(gone.error());
  const auto put = database.run("INSERT INTO " + name + " (" + columns_from(one, "") + ") SELECT " + columns_from(one, "b.") + " FROM " + made +
                                " b WHERE NOT EXISTS (SELECT FROM " + name + " a WHERE " + key_match(one) + ")");
  if (!put) return std::unexpected(put.error());
  return {};
}

/// A reset of one version under its locks.
class reset_run {
public:
  reset_run(const bulk_source& source, const fold& of, projection_version version, connection& database, std::function<void(std::uint64_t)> folded)
      : source_(source), of_(of), version_(std::move(version)), shadow_(version_.schema + "_reset"), database_(database), folded_(std::move(folded)) {}

  outcome<void> set_back(const reset_partition& to, std::stop_token stop) {
    if (auto made = make_shadow(database_, of_, shadow_); !made) return made;
    const auto done = fold_and_replace(to, stop);
    const auto dropped = database_.run_script("DROP SCHEMA IF EXISTS " + shadow_ + " CASCADE");
    return done ? dropped : done;
  }

private:
  outcome<void> fold_and_replace(const reset_partition& to, std::stop_token stop) {
    partition_filler filler(source_, to.partition);
    if (auto opened = filler.open_shadow({&of_, version_}, shadow_); !opened) return opened;
    if (auto filled = filler.fill(to.to, [this](auto records, auto) -> outcome<void> {
          folded_(records);
          return {};
        }, stop); !filled) return filled;
    std::string analyse;
    for (const auto* each : of_.tables()) analyse += "ANALYZE " + shadow_ + "." + std::string(each->name) + ";";
    if (auto analysed = database_.run_script(analyse); !analysed) return analysed;
    return behind_gate(database_, [&]() -> outcome<bool> {
      if (auto replaced = replace(to); !replaced) return std::unexpected(replaced.error());
      return true;
    }, stop);
  }

  outcome<void> replace(const reset_partition& to) {
    const sql_params who{version_.projection, reset_text(version_.number), reset_text(to.partition.value), reset_text(to.to.value)};
    const auto moved = database_.run("UPDATE runner.projection_positions SET next = $4, updated_at = now() "
                                     "WHERE projection = $1 AND version = $2 AND partition = $3 AND next >= $4::bigint", who);
    if (!moved) return std::unexpected(moved.error());
    if (moved->changed() == 0) return events::fail(failure_code::locked, "the version was switched away from or set back meanwhile");
    for (const auto* each : of_.tables())
      if (auto put = put_in_place(database_, *each, version_.schema, shadow_, to.partition); !put) return put;
    const auto letters = database_.run("DELETE FROM runner.dead_letters WHERE projection = $1 AND version = $2 AND partition = $3 AND log_offset >= $4 "
                                       "AND state IN ('parked', 'retried')", who);
    if (!letters) return std::unexpected(letters.error());
    return note_change(database_);
  }

  const bulk_source& source_;
  const fold& of_;
  projection_version version_;
  std::string shadow_;
  connection& database_;
  std::function<void(std::uint64_t)> folded_; ///< so many records more
};

/// How many records a reset folds aside.
outcome<std::uint64_t> records_to_fold(events::event_log& log, const reset_report& report) {
  std::uint64_t all = 0;
  for (const auto& each : report.partitions) {
    const auto range = log.range(each.partition);
    if (!range) return std::unexpected(range.error());
    all += each.to.value - std::min(each.to.value, range->first.value);
  }
  return all;
}

outcome<reset_report> look_behind(connection& database, const bulk_source& source, const fold& of, const projection_version& serving, const reset_place& place) {
  if (auto fits = check_place(place); !fits) return std::unexpected(fits.error());
  if (!serving.is_of(of)) return events::fail(failure_code::unknown_version, "the projection " + serving.projection + " is served in a version of another build");
  const auto partitions = source.log.partitions();
  if (place.partition && place.partition->value >= partitions)
    return events::fail(failure_code::malformed, "the log has no partition " + reset_text(place.partition->value));
  const auto places = places_of(database, serving, partitions);
  if (!places) return std::unexpected(places.error());
  reset_report report{serving.projection, serving.number, {}};
  for (std::uint32_t i = 0; i < partitions; ++i) {
    if (place.partition && place.partition->value != i) continue;
    reset_partition one{.partition = {i}, .from = (*places)[i]};
    const auto to = target_in(source.log, place, {i}, one.from);
    if (!to) return std::unexpected(to.error());
    one.to = *to;
    if (one.to == one.from) continue;
    one.records_again = one.from.value - one.to.value;
    if (auto measured = measure(database, of, serving, one); !measured) return std::unexpected(measured.error());
    report.partitions.push_back(one);
  }
  return report;
}

} // namespace

outcome<reset_report> look_at_reset(const bulk_source& source, const fold& of, const reset_place& place) {
  auto database = connection::open(source.conninfo);
  if (!database) return std::unexpected(database.error());
  const auto serving = serving_version(*database, of.name());
  if (!serving) return std::unexpected(serving.error());
  return look_behind(*database, source, of, *serving, place);
}

outcome<reset_report> reset_projection(const bulk_source& source, const fold& of, const reset_place& place, std::stop_token stop,
                                       const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  auto database = connection::open(source.conninfo), holder = connection::open(source.conninfo);
  if (!database || !holder) return std::unexpected((database ? holder : database).error());
  const std::string name(of.name());
  const auto alone = advisory_lock::try_now(*holder, "rebuild." + name);
  if (!alone && alone.error().code == failure_code::locked) return events::fail(failure_code::locked, "a rebuild or another reset of " + name + " is running");
  if (!alone) return std::unexpected(alone.error());
  const auto letters = advisory_lock::try_now(*holder, "dead_letters");
  if (!letters && letters.error().code == failure_code::locked) return events::fail(failure_code::locked, "dead letters are being worked on");
  if (!letters) return std::unexpected(letters.error());
  const auto serving = serving_version(*database, of.name());
  if (!serving) return std::unexpected(serving.error());
  auto report = look_behind(*database, source, of, *serving, place);
  if (!report) return report;
  const auto total = records_to_fold(source.log, *report);
  if (!total) return std::unexpected(total.error());
  reset_run run(source, of, *serving, *database, [&, done = std::uint64_t{0}](std::uint64_t records) mutable {
    if (progress) progress(done += records, *total);
  });
  for (const auto& each : report->partitions)
    if (auto done = run.set_back(each, stop); !done) return std::unexpected(done.error());
  return report;
}

} // namespace reverie::projections
