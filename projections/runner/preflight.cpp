#include "projections/runner/preflight.hpp"

#include "events/model/limits.hpp"
#include "projections/postgres/advisory_lock.hpp"
#include "projections/postgres/projection_schemas.hpp"
#include "projections/postgres/projection_versions.hpp"
#include "projections/runner/event_rules.hpp"
#include "projections/runner/missing_embeddings.hpp"
#include "projections/runner/partition_threads.hpp"

#include <algorithm>

namespace reverie::projections {
namespace {

constexpr std::size_t poison_shown = 20;
constexpr std::uint64_t sample_records = 20'000; // of the longest partition
constexpr std::size_t sample_batch_events = 5'000; // so that it soon hears a stop

/// Reads every record once: what is wanted, what can't be read or is missing.
class log_scan {
public:
  log_scan(const bulk_source& source, std::span<const fold* const> which, look_ahead_report& report, std::shared_ptr<const event_rules> rules, const bulk_callback& progress)
      : source_(source), which_(which), report_(report), rules_(std::move(rules)), progress_(progress) {
    now_.step = "looking";
    for (std::uint32_t i = 0; i < source.log.partitions(); ++i)
      if (const auto range = source.log.range({i})) now_.records_total += range->end.value;
  }

  outcome<void> partition(std::uint32_t number, std::stop_token stop) {
    const auto range = source_.log.range({number});
    if (!range) return std::unexpected(range.error());
    log_intake intake(source_.log, source_.keys, {number});
    intake.read_by(rules_);
    if (auto started = intake.start(range->first, std::nullopt); !started) return started;
    std::vector<intake_record> records;
    do {
      if (stop.stop_requested()) return events::fail(failure_code::cancelled, "stopped on request");
      records.clear();
      if (auto got = intake.read(records, events::limits::projection_batch_events, range->end, std::chrono::milliseconds{0}); !got) return got;
      count(number, records);
    } while (!records.empty());
    return {};
  }

private:
  void count(std::uint32_t partition, const std::vector<intake_record>& records) {
    const std::scoped_lock lock(mutex_);
    for (const auto& each : records) {
      ++report_.records;
      if (each.verdict == events::record_verdict::gap) note({{{partition}, each.offset}, each.entity, "sequence_gap", "records of this entity are missing before it"});
      // A rule may let some projections read what others can't.
      for (const auto* fold : which_)
        if (const auto& why = each.unreadable_for(fold->name())) {
          note({{{partition}, each.offset}, each.entity, std::string(events::name_of(why->code)), why->message});
          break;
        }
      report_.events += each.happened.size();
      for (const auto& one : each.happened)
        for (std::size_t i = 0; i < which_.size(); ++i)
          if (which_[i]->takes(one)) ++report_.projections[i].events;
    }
    now_.records_done += records.size();
    if (progress_) progress_(now_);
  }
  void note(poison_record one) {
    ++report_.poison_total;
    if (report_.poison.size() < poison_shown) report_.poison.push_back(std::move(one));
  }

  const bulk_source& source_;
  std::span<const fold* const> which_;
  look_ahead_report& report_;
  std::shared_ptr<const event_rules> rules_;
  const bulk_callback& progress_;
  std::mutex mutex_;
  bulk_progress now_;
};

/// Rows and bytes of the tables of a schema.
outcome<std::pair<std::uint64_t, std::uint64_t>> size_of(connection& database, const fold& of, const std::string& schema) {
  std::pair<std::uint64_t, std::uint64_t> size;
  for (const auto* each : of.tables()) {
    const auto name = schema + "." + std::string(each->name);
    const auto found = database.run("SELECT (SELECT count(*) FROM " + name + "), pg_total_relation_size('" + name + "')");
    if (!found) return std::unexpected(found.error());
    size.first += static_cast<std::uint64_t>(found->integer(0, 0));
    size.second += static_cast<std::uint64_t>(found->integer(0, 1));
  }
  return size;
}

/// Folds the first part of one partition for real and reckons from it.
outcome<void> sample(connection& database, const bulk_source& source, const fold& of, rebuild_forecast& forecast, std::uint64_t records_total,
                     const std::stop_token& stop) {
  std::uint32_t longest = 0;
  std::uint64_t length = 0;
  for (std::uint32_t i = 0; i < source.log.partitions(); ++i)
    if (const auto range = source.log.range({i}); range && range->end.value > length) {
      longest = i;
      length = range->end.value;
    }
  const auto part = std::min(length, sample_records);
  if (part == 0) return {};
  partition_filler filler(source, {longest});
  const auto schema = std::string(of.name()) + "_sample";
  if (auto opened = filler.open_shadow({&of, projection_version{.projection = std::string(of.name()), .number = 0, .fold_version = of.version(), .schema = schema, .checksum = {}}}, schema); !opened) return opened;
  const auto began = std::chrono::steady_clock::now();
  filler.batch_events = sample_batch_events;
  if (auto filled = filler.fill({part}, {}, stop); !filled) return filled;
  const auto size = size_of(database, of, schema);
  if (!size) return std::unexpected(size.error());
  const auto script = schema_script_of(of, schema);
  if (!script) return std::unexpected(script.error());
  if (auto indexed = database.run_script(script->indexes); !indexed) return indexed;
  const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  const auto indexed = size_of(database, of, schema);
  if (!indexed) return std::unexpected(indexed.error());
  const auto times = static_cast<double>(records_total) / static_cast<double>(part);
  const auto side_by_side = std::min({source.log.partitions(), partitions_side_by_side, std::max(1U, std::thread::hardware_concurrency())});
  const auto of_all = [&](std::uint64_t sampled) { return static_cast<std::uint64_t>(static_cast<double>(sampled) * times); };
  forecast.rows = of_all(size->first);
  forecast.bytes = of_all(size->second);
  forecast.index_bytes = of_all(indexed->second - std::min(indexed->second, size->second));
  forecast.seconds = took * times / side_by_side;
  forecast.parked_in_sample = filler.parked_entities();
  return {};
}

} // namespace

outcome<look_ahead_report> look_ahead(const bulk_source& source, std::span<const fold* const> which, const bulk_callback& progress, std::stop_token stop) {
  auto database = connection::open(source.conninfo);
  if (!database) return std::unexpected(database.error());
  // The samples lie in schemas of one name, whoever makes them.
  const auto lock = advisory_lock::try_now(*database, "preflight");
  if (!lock && lock.error().code == failure_code::locked) return events::fail(failure_code::locked, "another pre-flight is under way");
  if (!lock) return std::unexpected(lock.error());
  look_ahead_report report;
  for (const auto* each : which) report.projections.push_back({.projection = std::string(each->name())});
  auto rules = event_rules::load(*database);
  if (!rules) return std::unexpected(rules.error());
  log_scan scan(source, which, report, std::move(*rules), progress);
  const auto alive = is_runner_alive(*database);
  if (!alive) return std::unexpected(alive.error());
  const auto looked = for_each_partition(source.log.partitions(), [&](std::uint32_t i) { return scan.partition(i, stop); },
                                         *alive ? bulk_force::of_half() : bulk_force{});
  if (!looked) return std::unexpected(looked.error());
  for (std::size_t i = 0; i < which.size(); ++i) {
    const auto schema = std::string(which[i]->name()) + "_sample";
    if (auto made = make_shadow(*database, *which[i], schema); !made) return std::unexpected(made.error());
    const auto done = sample(*database, source, *which[i], report.projections[i], report.records, stop);
    (void)database->run_script("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
    if (!done) return std::unexpected(done.error());
    if (which[i]->name() != "memories") continue;
    const auto missing = find_missing_embeddings(*database, source.keys, stop);
    if (!missing) return std::unexpected(missing.error());
    report.projections[i].without_embedding = missing->to_be_made;
    report.projections[i].embeddings_cached = missing->cached;
  }
  return report;
}

} // namespace reverie::projections
