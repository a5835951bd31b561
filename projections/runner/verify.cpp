#include "projections/runner/verify.hpp"

#include "projections/postgres/advisory_lock.hpp"
#include "projections/postgres/projection_schemas.hpp"
#include "projections/runner/partition_threads.hpp"
#include "projections/runner/version_places.hpp"

#include <mutex>

namespace reverie::projections {
namespace {

constexpr std::uint64_t left_for_barrier = 200; // records
constexpr int rounds_max = 50;

/// The comparison of one projection.
class comparison {
public:
  comparison(const bulk_source& source, filled_version of, const partition_filler::batch_callback& progress, std::stop_token stop)
      : source_(source), of_(std::move(of)), shadow_(of_.version.schema + "_verify"), progress_(progress), stop_(stop) {}

  outcome<void> run(connection& database, verify_report& report, std::size_t first_max) {
    if (auto made = make_shadow(database, *of_.of, shadow_); !made) return made;
    const auto done = compare(database, report, first_max);
    database.roll_back();
    fillers_.clear();
    const auto dropped = database.run_script("DROP SCHEMA IF EXISTS " + shadow_ + " CASCADE");
    return done ? dropped : done;
  }

private:
  outcome<void> fill(const version_offsets& places) {
    return for_each_partition(source_.log.partitions(), [&](std::uint32_t i) { return fillers_[i]->fill(places[i], progress_, stop_); }, force_);
  }

  /// Folds after the serving version until little is left for the barrier: everybody waits there.
  outcome<void> follow(connection& database) {
    for (int i = 0; i < rounds_max; ++i) {
      const auto places = places_of(database, of_.version, source_.log.partitions());
      if (!places) return std::unexpected(places.error());
      std::uint64_t left = 0;
      for (std::size_t k = 0; k < places->size(); ++k)
        if ((*places)[k] > fillers_[k]->next()) left += (*places)[k].value - fillers_[k]->next().value;
      if (left <= left_for_barrier) break;
      if (auto filled = fill(*places); !filled) return filled;
      force_ = {}; // what is left is what was written meanwhile: who writes must not be faster
    }
    return {};
  }

  outcome<void> compare(connection& database, verify_report& report, std::size_t first_max) {
    const auto partitions = source_.log.partitions();
    const auto alive = is_runner_alive(database);
    if (!alive) return std::unexpected(alive.error());
    if (*alive) force_ = bulk_force::of_half();
    for (std::uint32_t i = 0; i < partitions; ++i) {
      fillers_.push_back(std::make_unique<partition_filler>(source_, events::partition_number{i}));
      if (auto opened = fillers_.back()->open_shadow(of_, shadow_); !opened) return opened;
    }
    if (auto followed = follow(database); !followed) return followed;
    // The barrier: projections wait while the shadow covers the rest; what both sides are then is kept in sight.
    if (auto begun = database.run_script("BEGIN"); !begun) return begun;
    if (auto closed = close_gate(database); !closed) return closed;
    const auto places = places_of(database, of_.version, partitions);
    if (!places) return std::unexpected(places.error());
    if (auto filled = fill(*places); !filled) return filled;
    auto viewer = connection::open(source_.conninfo);
    if (!viewer) return std::unexpected(viewer.error());
    if (auto begun = begin_snapshot(*viewer); !begun) return begun;
    database.roll_back();
    for (const auto& each : *places) report.records += each.value;
    row_comparison found;
    if (auto compared = compare_rows(*viewer, *of_.of, of_.version.schema, shadow_, first_max, found, [&]() -> outcome<void> {
          if (stop_.stop_requested()) return events::fail(failure_code::cancelled, "stopped on request");
          return {};
        }); !compared) return compared;
    report.rows += found.rows;
    report.differences += found.differences;
    report.missing += found.missing;
    report.unexpected += found.unexpected;
    report.different += found.different;
    report.first.insert(report.first.end(), found.first.begin(), found.first.end());
    return {};
  }

  const bulk_source& source_;
  filled_version of_;
  std::string shadow_;
  const partition_filler::batch_callback& progress_;
  std::stop_token stop_;
  std::vector<std::unique_ptr<partition_filler>> fillers_;
  bulk_force force_;
};

} // namespace

outcome<verify_report> verify(const bulk_source& source, std::span<const fold* const> which, const bulk_callback& callback, std::size_t first_max,
                              std::stop_token stop) {
  auto database = connection::open(source.conninfo), holder = connection::open(source.conninfo);
  if (!database || !holder) return std::unexpected((database ? holder : database).error());
  const auto lock = advisory_lock::try_now(*holder, "verify");
  if (!lock) return std::unexpected(lock.error());
  bulk_progress now{0, 0, 0, "comparing"};
  for (std::uint32_t i = 0; i < source.log.partitions(); ++i)
    if (const auto range = source.log.range({i})) now.records_total += range->end.value * which.size();
  std::mutex mutex;
  const partition_filler::batch_callback progress = [&](std::uint64_t records, std::uint64_t happened) -> outcome<void> {
    const std::scoped_lock held(mutex);
    now.records_done += records;
    now.events_done += happened;
    if (callback) callback(now);
    return {};
  };
  verify_report report;
  if (callback) callback(now);
  for (const auto* each : which) {
    auto serving = serving_version(*database, each->name());
    if (!serving) return std::unexpected(serving.error());
    if (!serving->is_of(*each))
      return events::fail(failure_code::unknown_version, "the projection " + serving->projection + " is served in a version of another build");
    comparison one(source, {each, std::move(*serving)}, progress, stop);
    if (auto done = one.run(*database, report, first_max); !done) return std::unexpected(done.error());
  }
  return report;
}

} // namespace reverie::projections
