#include "projections/runner/rebuild.hpp"

#include "projections/postgres/projection_schemas.hpp"
#include "projections/postgres/vector_tables.hpp"
#include "projections/runner/kept_comparison.hpp"
#include "projections/runner/partition_threads.hpp"
#include "projections/runner/rebuild_locks.hpp"
#include "projections/runner/version_indexes.hpp"
#include "projections/runner/version_places.hpp"
#include "projections/runner/version_switch.hpp"

#include <algorithm>

namespace reverie::projections {
namespace {

constexpr std::uint64_t close_enough = 200; // records left for the barrier
constexpr int follow_rounds_max = 50;

/// All that one rebuild of some projections does.
class rebuild_run {
public:
  rebuild_run(const bulk_source& source, std::span<const fold* const> which, const bulk_callback& progress, std::stop_token stop, const rebuild_options& how)
      : source_(source), which_(which), progress_(progress), stop_(std::move(stop)), how_(how) {}

  outcome<rebuild_report> run();

private:
  outcome<void> connect();
  outcome<void> begin();
  outcome<filled_version> begin_one(const fold& of);
  outcome<void> open_fillers();
  bulk_force force();
  outcome<std::vector<version_offsets>> old_places();
  outcome<version_offsets> goal();
  outcome<void> work();
  outcome<void> fill_to(const version_offsets& places, bool at_barrier);
  outcome<void> index();
  outcome<void> follow();
  outcome<bool> meet(bool& alone);
  outcome<void> compare();
  outcome<void> count_parked();
  outcome<void> switch_over();
  outcome<void> clean_up();
  void give_up(const failure& why);

  const bulk_source& source_;
  std::span<const fold* const> which_;
  const bulk_callback& progress_;
  std::stop_token stop_;
  const rebuild_options& how_;
  std::optional<connection> database_, holder_;
  std::vector<advisory_lock> locks_;
  std::vector<filled_version> fresh_;
  std::vector<projection_version> old_;
  std::vector<std::unique_ptr<partition_filler>> fillers_;
  std::optional<rebuild_steering> steering_;
  rebuild_report report_;
};

outcome<void> rebuild_run::connect() {
  auto opened = connection::open(source_.conninfo), holder = connection::open(source_.conninfo);
  if (!opened || !holder) return std::unexpected((opened ? holder : opened).error());
  database_ = std::move(*opened);
  holder_ = std::move(*holder);
  // When this process is killed in a long statement, its locks should go soon. Not every platform can.
  for (auto* each : {&*database_, &*holder_}) (void)each->run_script("SET client_connection_check_interval = '1s'");
  return {};
}

/// What was begun before, if it still fits, else a new version.
outcome<filled_version> rebuild_run::begin_one(const fold& of) {
  const auto catalogue = read_catalogue(*database_);
  if (!catalogue) return std::unexpected(catalogue.error());
  const auto script = schema_script_of(of, "any");
  if (!script) return std::unexpected(script.error());
  const auto* begun_before = catalogue->begun(of.name());
  if (how_.only_resume && (begun_before == nullptr || !begun_before->is_of(of) || begun_before->checksum != script->checksum))
    return events::fail(failure_code::not_found, "nothing of a rebuild of " + std::string(of.name()) + " is left to go on with");
  const auto* serving = catalogue->serving(of.name());
  rebuilt_projection told{.projection = std::string(of.name()), .old_version = serving->number, .found = {}};
  old_.push_back(*serving);
  filled_version made{&of, {}};
  for (const auto& each : catalogue->versions) {
    if (each.projection != of.name() || each.state == version_state::followed) continue;
    if (&each == begun_before && each.is_of(of) && each.checksum == script->checksum) {
      made.version = each;
      told.resumed = true;
      continue;
    }
    const auto gone = in_transaction(*database_, [&] { return remove_version(*database_, each); });
    if (!gone) return std::unexpected(gone.error());
  }
  if (!told.resumed) {
    auto begun = begin_version(*database_, of, source_.log.partitions());
    if (!begun) return std::unexpected(begun.error());
    made.version = std::move(*begun);
  }
  told.new_version = made.version.number;
  report_.projections.push_back(std::move(told));
  return made;
}

outcome<void> rebuild_run::begin() {
  for (const auto* each : which_) {
    // What serves, of whatever build, goes on serving until the switch: a version made here would serve at once, and be empty.
    const auto serving = serving_version(*database_, each->name());
    if (!serving && serving.error().code != failure_code::not_found) return std::unexpected(serving.error());
    if (auto made = serving ? outcome<void>{} : ensure_schema(*database_, *each, source_.log.partitions()); !made) return made;
    auto begun = begin_one(*each);
    if (!begun) return std::unexpected(begun.error());
    fresh_.push_back(std::move(*begun));
  }
  return open_fillers();
}

outcome<void> rebuild_run::open_fillers() {
  std::uint64_t done = 0, total = 0;
  for (std::uint32_t i = 0; i < source_.log.partitions(); ++i) fillers_.push_back(std::make_unique<partition_filler>(source_, events::partition_number{i}));
  if (auto opened = for_each_partition(source_.log.partitions(), [&](std::uint32_t i) { return fillers_[i]->open(fresh_); }); !opened) return opened;
  const auto places = goal();
  if (!places) return std::unexpected(places.error());
  for (std::size_t i = 0; i < fillers_.size(); ++i)
    done += fillers_[i]->next().value, total += std::max((*places)[i], fillers_[i]->next()).value;
  steering_.emplace(source_, fresh_, how_.pace, progress_);
  return steering_->begin(done, total, how_);
}

outcome<std::vector<version_offsets>> rebuild_run::old_places() {
  std::vector<version_offsets> all;
  for (const auto& each : old_) {
    auto places = places_of(*database_, each, source_.log.partitions());
    if (!places) return std::unexpected(places.error());
    all.push_back(std::move(*places));
  }
  return all;
}

/// Up to where to fill: where the old versions are, as both have to meet; without anybody who moves those, the log's end.
outcome<version_offsets> rebuild_run::goal() {
  const auto alive = is_runner_alive(*database_);
  if (!alive) return std::unexpected(alive.error());
  version_offsets places(source_.log.partitions(), events::log_offset{UINT64_MAX});
  if (!*alive) {
    for (std::uint32_t i = 0; i < places.size(); ++i) {
      const auto range = source_.log.range({i});
      if (!range) return std::unexpected(range.error());
      places[i] = range->end;
    }
    return places;
  }
  const auto old = old_places();
  if (!old) return std::unexpected(old.error());
  for (const auto& each : *old)
    for (std::size_t i = 0; i < places.size(); ++i) places[i] = std::min(places[i], each[i]);
  return places;
}

/// As the limit is now, which an operator may change, and whether anybody is served meanwhile.
bulk_force rebuild_run::force() {
  const auto alive = is_runner_alive(*database_);
  return alive && *alive && steering_->looks_at_live() ? bulk_force::beside_others() : bulk_force{};
}

outcome<void> rebuild_run::fill_to(const version_offsets& places, bool at_barrier) {
  return for_each_partition(source_.log.partitions(), [&](std::uint32_t i) {
    fillers_[i]->batch_events = steering_->batch_events();
    return fillers_[i]->fill(places[i], [&](auto records, auto happened) -> outcome<void> {
      // At the barrier everybody waits: nothing slows it down.
      if (at_barrier) return {};
      fillers_[i]->batch_events = steering_->batch_events();
      return steering_->after_batch(records, happened, stop_);
    }, stop_);
  }, at_barrier ? bulk_force{} : force());
}

/// An index can't be slowed down once it is being made: beside those who are served it gets no workers but its own.
outcome<void> rebuild_run::index() {
  for (std::size_t i = 0; i < fresh_.size(); ++i)
    if (auto indexed = index_version(*database_, *fresh_[i].of, fresh_[i].version, old_[i], force().index_workers); !indexed) return indexed;
  return {};
}

/// Until little is left for the barrier.
outcome<void> rebuild_run::follow() {
  for (int i = 0; i < follow_rounds_max; ++i) {
    const auto places = goal();
    if (!places) return std::unexpected(places.error());
    std::uint64_t left = 0;
    for (std::size_t k = 0; k < places->size(); ++k)
      if ((*places)[k] > fillers_[k]->next()) left += (*places)[k].value - fillers_[k]->next().value;
    if (left <= close_enough) return {};
    if (auto filled = fill_to(*places, false); !filled) return filled;
  }
  return {};
}

/// Behind the closed gate: the new versions go to where the old ones stand. False when those are still behind and somebody moves them;
/// `alone` when nobody does.
outcome<bool> rebuild_run::meet(bool& alone) {
  const auto old = old_places();
  if (!old) return std::unexpected(old.error());
  const auto alive = is_runner_alive(*database_);
  if (!alive) return std::unexpected(alive.error());
  auto places = old->front();
  bool apart = false;
  for (const auto& each : *old)
    for (std::size_t i = 0; i < places.size(); ++i) {
      apart = apart || each[i] != places[i] || each[i] < fillers_[i]->next();
      places[i] = std::max(places[i], each[i]);
    }
  if (apart && *alive) return false;
  alone = apart;
  if (auto filled = fill_to(places, true); !filled) return std::unexpected(filled.error());
  return true;
}

outcome<void> rebuild_run::compare() {
  if (!how_.compare) return {};
  if (auto told = steering_->step("comparing", stop_); !told) return told;
  auto viewer = connection::open(source_.conninfo);
  if (!viewer) return std::unexpected(viewer.error());
  if (auto set = viewer->run_script(force().gives_way ? "SET max_parallel_workers_per_gather = 0" : ""); !set) return set;
  bool alone = false;
  const auto met = behind_gate(*database_, [&]() -> outcome<bool> {
    const auto together = meet(alone);
    if (!together || !*together) return together;
    if (auto begun = begin_snapshot(*viewer); !begun) return std::unexpected(begun.error());
    return true;
  }, stop_);
  if (!met) return met;
  if (alone) return {};
  for (std::size_t i = 0; i < fresh_.size(); ++i) {
    auto& told = report_.projections[i];
    if (auto compared = compare_rows(*viewer, *fresh_[i].of, old_[i].schema, fresh_[i].version.schema, how_.differences_shown, told.found,
                                     [&] { return steering_->after_piece(stop_); }); !compared) return compared;
    told.compared = true;
  }
  return {};
}

/// Keeps beside the rebuild what was found, and holds it back where readers would miss what they have.
outcome<void> rebuild_run::count_parked() {
  for (auto& each : report_.projections) {
    const auto parked = database_->run("SELECT count(*) FILTER (WHERE version = $2), count(*) FILTER (WHERE version = $3) FROM runner.dead_letters "
                                       "WHERE projection = $1 AND state = 'parked'",
                                       {each.projection, std::to_string(each.new_version), std::to_string(each.old_version)});
    if (!parked) return std::unexpected(parked.error());
    each.parked = static_cast<std::uint64_t>(parked->integer(0, 0));
    each.parked_before = static_cast<std::uint64_t>(parked->integer(0, 1));
    if (auto kept = steering_->keep_comparison(each.projection, comparison_json(each)); !kept) return kept;
    if (!how_.switch_over || how_.despite_parked || each.parked <= each.parked_before) continue;
    report_.held_back = each.projection + " has " + std::to_string(each.parked) + " dead letters in the new version and " + std::to_string(each.parked_before) +
                        " in the one that serves: look at them before it is switched to";
  }
  return {};
}

outcome<void> rebuild_run::switch_over() {
  if (auto followed = follow(); !followed) return followed;
  if (auto told = steering_->step("switching", stop_); !told) return told;
  // What comes after this gets its vectors from the cache.
  for (std::size_t i = 0; i < fresh_.size(); ++i)
    if (fresh_[i].version.projection == "memories")
      if (auto copied = copy_vectors(*database_, old_[i].schema, fresh_[i].version.schema, force().index_workers); !copied) return copied;
  bool alone = false;
  return behind_gate(*database_, [&]() -> outcome<bool> {
    const auto together = meet(alone);
    if (!together || !*together) return together;
    for (std::size_t i = 0; i < fresh_.size(); ++i) {
      const auto& version = fresh_[i].version;
      if (auto served = serve_version(*database_, *fresh_[i].of, version); !served) return std::unexpected(served.error());
      // A version that does not stand here could not be gone back to; one of another build nobody keeps up to date.
      if (alone)
        if (auto gone = remove_version(*database_, old_[i]); !gone) return std::unexpected(gone.error());
    }
    return true;
  }, stop_);
}

/// One older version is kept at most.
outcome<void> rebuild_run::clean_up() {
  for (std::size_t i = 0; i < fresh_.size(); ++i) {
    report_.projections[i].switched = true;
    if (auto dropped = drop_old(*database_, old_[i].projection, how_.keep_old ? &old_[i] : nullptr); !dropped) return std::unexpected(dropped.error());
  }
  return {};
}

outcome<void> rebuild_run::work() {
  const auto places = goal();
  if (!places) return std::unexpected(places.error());
  if (auto filled = fill_to(*places, false); !filled) return filled;
  if (auto told = steering_->step("indexing", stop_); !told) return told;
  if (auto indexed = index(); !indexed) return indexed;
  if (auto told = steering_->step("following", stop_); !told) return told;
  if (auto followed = follow(); !followed) return followed;
  if (auto compared = compare(); !compared) return compared;
  if (auto counted = count_parked(); !counted) return counted;
  const bool differs = std::ranges::any_of(report_.projections, [](const auto& each) { return !each.compared || each.found.differences > 0; });
  if (!how_.switch_over || (how_.expect_same && differs) || !report_.held_back.empty()) return {};
  const auto alive = is_runner_alive(*database_);
  if (!alive) return std::unexpected(alive.error());
  for (std::size_t i = 0; i < old_.size(); ++i)
    if (*alive && !old_[i].is_of(*fresh_[i].of)) { // the server that runs could not follow
      report_.held_back = "the server that runs is of another build: the next one switches at its start";
      return {};
    }
  if (auto switched = switch_over(); !switched) return switched;
  return clean_up();
}

/// What was cancelled is taken away; what failed or was stopped stays, to be gone on with.
void rebuild_run::give_up(const failure& why) {
  database_->roll_back();
  const bool cancelled = why.code == failure_code::cancelled && steering_->is_cancelled();
  if (why.code == failure_code::cancelled && !cancelled) return steering_->interrupt();
  steering_->end(cancelled ? "cancelled" : "failed", why.message);
  if (!cancelled) return;
  for (const auto& each : fresh_) (void)in_transaction(*database_, [&] { return remove_version(*database_, each.version); });
}

outcome<rebuild_report> rebuild_run::run() {
  const auto began = std::chrono::steady_clock::now();
  if (auto connected = connect(); !connected) return std::unexpected(connected.error());
  auto locked = lock_rebuilds(*holder_, which_);
  if (!locked) return std::unexpected(locked.error());
  locks_ = std::move(*locked);
  if (auto begun = begin(); !begun) return std::unexpected(begun.error());
  if (auto done = work(); !done) {
    give_up(done.error());
    return std::unexpected(done.error());
  }
  steering_->end("done", report_.projections.front().switched ? "switched" : report_.held_back.empty() ? "ready" : report_.held_back);
  report_.records = steering_->now().records_done;
  report_.events = steering_->now().events_done;
  report_.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  return std::move(report_);
}

} // namespace

outcome<rebuild_report> rebuild(const bulk_source& source, std::span<const fold* const> which, const bulk_callback& progress, std::stop_token stop,
                                const rebuild_options& how) {
  return rebuild_run(source, which, progress, std::move(stop), how).run();
}

} // namespace reverie::projections
