#include "projections/runner/rebuild_steering.hpp"

#include "events/model/limits.hpp"
#include "projections/postgres/advisory_lock.hpp"
#include "projections/postgres/projection_schemas.hpp"
#include "projections/runner/live_latency_store.hpp"

#include <algorithm>
#include <condition_variable>

namespace reverie::projections {
namespace {

constexpr std::chrono::milliseconds look_every{300}, pause_nap{200}, behind_nap{100};
constexpr std::size_t smallest_batch = 200;
constexpr int rests_per_piece = 4; // as long as the piece took: a comparison's snapshot should not grow old

/// False when it was told to stop meanwhile.
bool nap(std::chrono::milliseconds time, std::stop_token stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

std::unexpected<failure> stopped() { return events::fail(failure_code::cancelled, "stopped on request"); }

} // namespace

rebuild_steering::rebuild_steering(const bulk_source& source, std::vector<filled_version> versions, rebuild_pace pace, const bulk_callback& callback)
    : source_(source), versions_(std::move(versions)), pace_(pace), callback_(callback), throttle_(static_cast<double>(pace.live_p99_ms)), pace_from_(clock::now()),
      works_since_(clock::now()) {
  now_.step = "folding";
}

std::size_t rebuild_steering::batch_events() const {
  const std::scoped_lock lock(mutex_);
  const auto most = throttle_.batch_of(events::limits::rebuild_batch_events);
  if (pace_.events_per_second == 0) return most;
  return std::clamp<std::size_t>(pace_.events_per_second / 4, std::min(smallest_batch, most), most);
}

bool rebuild_steering::looks_at_live() const {
  const std::scoped_lock lock(mutex_);
  return throttle_.limit_ms() > 0;
}

outcome<void> rebuild_steering::begin(std::uint64_t records_done, std::uint64_t records_total, const rebuild_options& how) {
  auto opened = connection::open(source_.conninfo);
  if (!opened) return std::unexpected(opened.error());
  database_ = std::move(*opened);
  now_.records_done = records_done;
  now_.records_total = records_total;
  for (const auto& each : versions_) {
    const auto noted = database_->run("INSERT INTO runner.rebuilds (projection, version, state, events_per_second, live_p99_limit_ms, switch_over, by_server, despite_parked, resumptions) "
                                      "VALUES ($1, $2, 'running', $3, $4, $5, $6, $7, $8::integer) "
                                      "ON CONFLICT (projection) DO UPDATE SET version = excluded.version, state = 'running', wanted = 'run', step = '', "
                                      "message = '', events_per_second = excluded.events_per_second, live_p99_limit_ms = excluded.live_p99_limit_ms, "
                                      "switch_over = excluded.switch_over, by_server = excluded.by_server, despite_parked = excluded.despite_parked, work_share = 1, updated_at = now(), "
                                      "comparison = CASE WHEN rebuilds.version = excluded.version THEN rebuilds.comparison END, "
                                      "started_at = CASE WHEN rebuilds.version = excluded.version THEN rebuilds.started_at ELSE now() END, "
                                      "resumptions = CASE WHEN excluded.resumptions > 0 THEN rebuilds.resumptions + 1 ELSE 0 END",
                                      {each.version.projection, std::to_string(each.version.number), std::to_string(pace_.events_per_second),
                                       std::to_string(pace_.live_p99_ms), how.switch_over ? "t" : "f", how.by_server ? "t" : "f", how.despite_parked ? "t" : "f",
                                       how.only_resume ? "1" : "0"});
    if (!noted) return std::unexpected(noted.error());
  }
  if (callback_) callback_(now_);
  return {};
}

/// Writes how far it is; answers what is wanted of any of the projections.
outcome<std::string> rebuild_steering::tell(std::string_view state) {
  std::string wanted = "run";
  for (const auto& each : versions_) {
    const auto told = database_->run("UPDATE runner.rebuilds SET state = $3, step = $4, records_done = $5, records_total = $6, work_share = $7, "
                                    "live_p99_ms = $8::double precision, updated_at = now() WHERE projection = $1 AND version = $2 "
                                    "RETURNING wanted, events_per_second, live_p99_limit_ms",
                                    {each.version.projection, std::to_string(each.version.number), std::string(state), std::string(now_.step),
                                     std::to_string(now_.records_done), std::to_string(now_.records_total), std::to_string(throttle_.share()),
                                     live_p99_ms_ ? std::optional(std::to_string(*live_p99_ms_)) : std::nullopt});
    if (!told) return std::unexpected(told.error());
    if (told->rows() == 0 || told->text(0, 0) == "cancel") return std::string("cancel");
    if (told->text(0, 0) == "pause") wanted = "pause";
    if (const auto limit = static_cast<double>(told->integer(0, 2)); limit != throttle_.limit_ms()) throttle_.limit_to(limit);
    const auto rate = static_cast<std::uint64_t>(told->integer(0, 1));
    if (rate != pace_.events_per_second) {
      pace_.events_per_second = rate;
      pace_from_ = clock::now();
      paced_events_ = 0;
    }
  }
  return wanted;
}

/// One that an operator lets stand still falls behind without anybody being served later for it.
outcome<bool> rebuild_steering::live_is_behind() {
  if (pace_.live_lag_records_max == 0) return false;
  if (const auto alive = is_runner_alive(*database_); !alive || !*alive) return false; // nobody is served by waiting
  const auto rows = database_->run("SELECT p.partition, min(p.next) FROM runner.projection_positions p JOIN runner.projection_versions v "
                                   "USING (projection, version) WHERE v.serving AND NOT EXISTS (SELECT FROM runner.paused_projections s "
                                   "WHERE s.projection = p.projection AND s.partition = p.partition) GROUP BY p.partition");
  if (!rows) return std::unexpected(rows.error());
  std::uint64_t behind = 0;
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    const auto range = source_.log.range({static_cast<std::uint32_t>(rows->integer(i, 0))});
    const auto next = static_cast<std::uint64_t>(rows->integer(i, 1));
    if (range && range->end.value > next) behind += range->end.value - next;
  }
  return behind > pace_.live_lag_records_max;
}

/// What the servers said since it was last asked, each word once.
outcome<void> rebuild_steering::hear_live() {
  if (throttle_.limit_ms() <= 0) {
    live_p99_ms_.reset();
    return {};
  }
  const auto heard = read_live_latency(*database_);
  if (!heard) return std::unexpected(heard.error());
  live_p99_ms_.reset();
  if (heard->all && heard->all->commands > 0) live_p99_ms_ = heard->all->command_p99_ms;
  if (heard->all && heard->mark == heard_) return {};
  heard_ = heard->mark;
  throttle_.hear(heard->all);
  now_.throttled = throttle_.is_throttled();
  return {};
}

/// Rests, after having worked, as long as live commands ask for; everybody who has ended a batch waits here meanwhile.
outcome<void> rebuild_steering::rest(std::stop_token stop) {
  const auto until = clock::now() + std::chrono::duration_cast<clock::duration>(throttle_.rest_after(clock::now() - works_since_));
  while (clock::now() < until && throttle_.is_throttled()) {
    if (!nap(std::min(look_every, std::chrono::ceil<std::chrono::milliseconds>(until - clock::now())), stop)) return stopped();
    if (auto looked = look(false, stop); !looked) return looked;
  }
  works_since_ = clock::now();
  return {};
}

/// Looks, now and then, at what is wanted; stays here during a pause and while live work is behind.
outcome<void> rebuild_steering::look(bool at_once, std::stop_token stop) {
  if (!at_once && clock::now() - looked_ < look_every) return {};
  for (;;) {
    looked_ = clock::now();
    if (auto heard = hear_live(); !heard) return heard;
    auto wanted = tell("running");
    while (wanted && *wanted == "pause") {
      if (wanted = tell("paused"); !wanted) break;
      if (*wanted == "pause" && !nap(pause_nap, stop)) return stopped();
      pace_from_ = clock::now();
      paced_events_ = 0;
    }
    if (!wanted) return std::unexpected(wanted.error());
    cancelled_ = *wanted == "cancel";
    if (cancelled_) return events::fail(failure_code::cancelled, "the rebuild was cancelled");
    const auto behind = live_is_behind();
    if (!behind) return std::unexpected(behind.error());
    if (!*behind) return {};
    if (!nap(behind_nap, stop)) return stopped();
  }
}

outcome<void> rebuild_steering::after_batch(std::uint64_t records, std::uint64_t happened, std::stop_token stop) {
  const std::scoped_lock lock(mutex_);
  now_.records_done += records;
  now_.records_total = std::max(now_.records_total, now_.records_done);
  now_.events_done += happened;
  paced_events_ += happened;
  if (callback_) callback_(now_);
  if (pace_.events_per_second > 0) {
    const auto due = pace_from_ + std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(static_cast<double>(paced_events_) / static_cast<double>(pace_.events_per_second)));
    while (clock::now() < due) {
      if (!nap(std::min(look_every, std::chrono::ceil<std::chrono::milliseconds>(due - clock::now())), stop)) return stopped();
      if (auto looked = look(false, stop); !looked) return looked;
      if (paced_events_ == 0) break; // another rate, or a pause
    }
  }
  if (auto looked = look(false, stop); !looked) return looked;
  return rest(stop);
}

outcome<void> rebuild_steering::after_piece(std::stop_token stop) {
  const std::scoped_lock lock(mutex_);
  if (stop.stop_requested()) return stopped();
  if (clock::now() - looked_ >= look_every) {
    looked_ = clock::now();
    if (auto heard = hear_live(); !heard) return heard;
    const auto wanted = tell("running");
    if (!wanted) return std::unexpected(wanted.error());
    cancelled_ = *wanted == "cancel";
    if (cancelled_) return events::fail(failure_code::cancelled, "the rebuild was cancelled");
  }
  const auto worked = clock::now() - works_since_;
  const auto rest = std::min<std::chrono::nanoseconds>(throttle_.rest_after(worked), rests_per_piece * worked);
  if (rest > rest.zero() && !nap(std::chrono::ceil<std::chrono::milliseconds>(rest), stop)) return stopped();
  works_since_ = clock::now();
  return {};
}

outcome<void> rebuild_steering::step(std::string_view name, std::stop_token stop) {
  const std::scoped_lock lock(mutex_);
  now_.step = name;
  if (callback_) callback_(now_);
  return look(true, stop);
}

outcome<void> rebuild_steering::keep_comparison(std::string_view projection, const std::string& json) {
  const std::scoped_lock lock(mutex_);
  const auto kept = database_->run("UPDATE runner.rebuilds SET comparison = $2::jsonb WHERE projection = $1", {std::string(projection), json});
  if (!kept) return std::unexpected(kept.error());
  return {};
}

void rebuild_steering::end(std::string_view state, const std::string& message) {
  const std::scoped_lock lock(mutex_);
  if (!database_ || !database_->usable()) return;
  for (const auto& each : versions_)
    (void)database_->run("UPDATE runner.rebuilds SET state = $3, message = $4, records_done = $5, records_total = $6, work_share = 1, updated_at = now(), "
                         "wanted = CASE WHEN $3 = 'failed' THEN wanted ELSE 'run' END " // one that was paused when it ended waits to be resumed
                         "WHERE projection = $1 AND version = $2",
                         {each.version.projection, std::to_string(each.version.number), std::string(state), message,
                          std::to_string(now_.records_done), std::to_string(now_.records_total)});
}

void rebuild_steering::interrupt() {
  const std::scoped_lock lock(mutex_);
  if (!database_ || !database_->usable()) return;
  for (const auto& each : versions_)
    (void)database_->run("UPDATE runner.rebuilds SET records_done = $3, records_total = $4, work_share = 1, updated_at = now() WHERE projection = $1 AND version = $2",
                         {each.version.projection, std::to_string(each.version.number), std::to_string(now_.records_done), std::to_string(now_.records_total)});
}

bool rebuild_steering::is_cancelled() const {
  const std::scoped_lock lock(mutex_);
  return cancelled_;
}

outcome<void> steer_rebuild(connection& database, std::string_view projection, std::string_view wanted, std::optional<std::uint64_t> events_per_second,
                            std::optional<std::uint64_t> live_p99_ms) {
  const std::string name(projection);
  const auto under_way = database.run("SELECT count(*) FROM runner.rebuilds WHERE projection = $1 AND state IN ('running', 'paused')", {name});
  if (!under_way) return std::unexpected(under_way.error());
  if (under_way->integer(0, 0) > 0) {
    // Who works on it holds the lock from its beginning to its end.
    const auto nobody = advisory_lock::try_now(database, "rebuild." + name);
    if (nobody) return events::fail(failure_code::locked, "the rebuild of " + name + " was interrupted: run it again, and it goes on from there");
    if (nobody.error().code != failure_code::locked) return std::unexpected(nobody.error());
  }
  const auto text = [](const auto& number) { return number ? std::optional(std::to_string(*number)) : std::nullopt; };
  const auto changed = database.run("UPDATE runner.rebuilds SET wanted = coalesce(nullif($2, ''), wanted), events_per_second = coalesce($3::bigint, events_per_second), "
                                    "live_p99_limit_ms = coalesce($4::bigint, live_p99_limit_ms) WHERE projection = $1 AND state IN ('running', 'paused')",
                                    {name, std::string(wanted), text(events_per_second), text(live_p99_ms)});
  if (!changed) return std::unexpected(changed.error());
  if (changed->changed() == 0) return events::fail(failure_code::not_found, "no rebuild of " + name + " is under way");
  return {};
}

outcome<std::string> cancel_rebuild(connection& database, const fold& of) {
  const std::string name(of.name());
  const auto lock = advisory_lock::try_now(database, "rebuild." + name);
  if (!lock && lock.error().code != failure_code::locked) return std::unexpected(lock.error());
  if (!lock) {
    if (auto told = steer_rebuild(database, name, "cancel"); !told) return events::fail(failure_code::locked, told.error().message);
    return std::string("is being cancelled");
  }
  const auto catalogue = read_catalogue(database);
  if (!catalogue) return std::unexpected(catalogue.error());
  const auto* begun = catalogue->begun(name);
  if (begun == nullptr) return events::fail(failure_code::locked, "no rebuild of " + name + " is under way");
  const auto gone = in_transaction(database, [&]() -> outcome<void> {
    const auto noted = database.run("UPDATE runner.rebuilds SET state = 'cancelled', updated_at = now() WHERE projection = $1", {name});
    if (!noted) return std::unexpected(noted.error());
    return remove_version(database, *begun);
  });
  if (!gone) return std::unexpected(gone.error());
  return std::string("what was begun is taken away");
}

} // namespace reverie::projections
