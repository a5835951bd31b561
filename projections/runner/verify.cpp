#include "projections/runner/verify.hpp"

#include "projections/postgres/advisory_lock.hpp"
#include "projections/postgres/projection_schemas.hpp"

#include <algorithm>

namespace reverie::projections {
namespace {

using offsets = std::vector<events::log_offset>;

/// Where the projection stands per partition; with `hold` nobody moves it until the transaction ends.
outcome<offsets> places_of(connection& database, const fold& of, std::uint32_t partitions, bool hold) {
  const auto rows = database.run(std::string("SELECT partition, next FROM runner.projection_positions WHERE projection = $1 AND version = $2 ORDER BY partition") +
                                     (hold ? " FOR UPDATE" : ""),
                                 {std::string(of.name()), std::to_string(of.version())});
  if (!rows) return std::unexpected(rows.error());
  offsets places(partitions);
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    const auto partition = static_cast<std::size_t>(rows->integer(i, 0));
    if (partition < places.size()) places[partition] = {static_cast<std::uint64_t>(rows->integer(i, 1))};
  }
  return places;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string all;
  for (const auto& each : parts) all.append(all.empty() ? "" : between).append(each);
  return all;
}

std::optional<events::log_position> cause_in(const result& rows, std::size_t line, std::size_t column) {
  if (rows.is_null(line, column)) return std::nullopt;
  return events::log_position{{static_cast<std::uint32_t>(rows.integer(line, column))}, {static_cast<std::uint64_t>(rows.integer(line, column + 1))}};
}

/// Rows of one table on both sides that are not the same.
outcome<void> compare_table(connection& database, const fold& of, const table& one, const std::string& shadow, std::size_t first_max,
                            verify_report& report) {
  const std::string name(one.name);
  std::vector<std::string> keys, match, differing;
  for (std::size_t i = 0; i < one.columns.size(); ++i) {
    const std::string column(one.columns[i].name);
    if (i < one.key_columns) {
      keys.push_back("coalesce(a." + column + ", b." + column + ")::text");
      match.push_back("a." + column + " = b." + column);
    } else {
      differing.push_back("CASE WHEN a." + column + " IS DISTINCT FROM b." + column + " THEN '" + column + "' END");
    }
  }
  differing.emplace_back("CASE WHEN (a.log_partition, a.log_offset) IS DISTINCT FROM (b.log_partition, b.log_offset) THEN 'log_offset' END");
  const auto key = "concat_ws('/', " + joined(keys, ", ") + ")";
  const auto columns = "concat_ws(',', " + joined(differing, ", ") + ")";
  const auto from = " FROM " + schema_name(of) + "." + name + " a FULL JOIN " + shadow + "." + name + " b ON " + joined(match, " AND ");
  const auto first_key = "." + std::string(one.columns.front().name);
  const std::vector<statement> asked{
      {"SELECT count(*), count(*) FILTER (WHERE " + columns + " <> '' OR a" + first_key + " IS NULL OR b" + first_key + " IS NULL)" + from},
      {"SELECT " + key + ", a" + first_key + " IS NULL, b" + first_key + " IS NULL, " + columns +
       ", a.log_partition, a.log_offset, b.log_partition, b.log_offset" + from + " WHERE " + columns + " <> '' OR a" + first_key + " IS NULL OR b" +
       first_key + " IS NULL ORDER BY 1 LIMIT " + std::to_string(first_max)}};
  const auto answers = database.run_all(asked);
  if (!answers) return std::unexpected(answers.error());
  report.rows += static_cast<std::uint64_t>((*answers)[0].integer(0, 0));
  report.differences += static_cast<std::uint64_t>((*answers)[0].integer(0, 1));
  const auto& rows = (*answers)[1];
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    using kind = row_difference::kind;
    const bool missing = rows.boolean(i, 1), unexpected = rows.boolean(i, 2);
    row_difference found{std::string(of.name()), name, std::string(rows.text(i, 0)), missing ? kind::missing : unexpected ? kind::unexpected : kind::different,
                         {}, cause_in(rows, i, 4), cause_in(rows, i, 6)};
    std::string column;
    for (const char each : std::string(rows.text(i, 3)) + ",") {
      if (each != ',') column += each;
      else if (!column.empty()) found.columns.push_back(std::exchange(column, {}));
    }
    report.first.push_back(std::move(found));
  }
  return {};
}

/// The comparison of one projection.
struct comparison {
  const bulk_source& source;
  const fold& of;
  connection& shadow_writer;
  std::string shadow;
  offsets folded;
  std::vector<live_projection> partitions;
  const std::function<void(std::uint64_t, std::uint64_t)>& progress;
  std::stop_token stop;

  outcome<void> fold_to(const offsets& places) {
    for (std::uint32_t i = 0; i < places.size(); ++i) {
      if (folded[i] >= places[i]) continue;
      auto& projection = partitions[i];
      if (auto loaded = load_parked(shadow_writer, projection, {i}); !loaded) return loaded;
      live_projection* const who[] = {&projection};
      commit_request request{.partition = {i}, .from = folded[i], .to = places[i], .log_end = places[i], .records = {}, .keep_log_state = false,
                             .keep_position = false, .bulk = true};
      if (auto done = fold_range(shadow_writer, source, who, request, progress, stop); !done) return done;
      folded[i] = places[i];
    }
    return {};
  }
};

outcome<void> verify_one(connection& database, comparison& one, verify_report& report, std::size_t first_max) {
  const auto partitions = one.source.log.partitions();
  if (auto made = make_shadow(one.shadow_writer, one.of, one.shadow); !made) return made;
  one.folded.assign(partitions, {});
  one.partitions.assign(partitions, live_projection{&one.of, one.shadow, {}, 0, {}});
  auto places = places_of(database, one.of, partitions, false);
  if (!places) return std::unexpected(places.error());
  if (auto done = one.fold_to(*places); !done) return done;
  // The barrier: the live projection waits while the shadow covers the rest and both are compared.
  if (auto begun = database.run_script("BEGIN"); !begun) return begun;
  places = places_of(database, one.of, partitions, true);
  if (!places) return std::unexpected(places.error());
  if (auto done = one.fold_to(*places); !done) return done;
  for (const auto& each : *places) report.records += each.value;
  for (const auto* each : one.of.tables())
    if (auto compared = compare_table(database, one.of, *each, one.shadow, first_max, report); !compared) return compared;
  return {};
}

} // namespace

outcome<verify_report> verify(const bulk_source& source, std::span<const fold* const> which, const bulk_callback& callback, std::size_t first_max,
                              std::stop_token stop) {
  auto database = connection::open(source.conninfo), writer = connection::open(source.conninfo);
  if (!database || !writer) return std::unexpected((database ? writer : database).error());
  const auto lock = advisory_lock::try_now(*writer, "verify");
  if (!lock) return std::unexpected(lock.error());
  bulk_progress now{0, 0, 0, "comparing"};
  for (std::uint32_t i = 0; i < source.log.partitions(); ++i)
    if (const auto range = source.log.range({i})) now.records_total += range->end.value * which.size();
  const std::function<void(std::uint64_t, std::uint64_t)> progress = [&](std::uint64_t records, std::uint64_t happened) {
    now.records_done += records;
    now.events_done += happened;
    if (callback) callback(now);
  };
  verify_report report;
  for (const auto* each : which) {
    comparison one{source, *each, *writer, schema_name(*each) + "_verify", {}, {}, progress, stop};
    const auto done = verify_one(*database, one, report, first_max);
    database->roll_back();
    (void)writer->run_script("DROP SCHEMA IF EXISTS " + one.shadow + " CASCADE");
    if (!done) return std::unexpected(done.error());
  }
  return report;
}

} // namespace reverie::projections
