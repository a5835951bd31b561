#include "projections/runner/rebuild.hpp"

#include "events/model/limits.hpp"
#include "projections/postgres/advisory_lock.hpp"
#include "projections/postgres/projection_schemas.hpp"

#include <algorithm>
#include <mutex>
#include <thread>

namespace reverie::projections {
namespace {

namespace limits = events::limits;

/// Empties one projection and takes its leases over, in one transaction.
outcome<void> begin_anew(connection& database, const fold& of) {
  const sql_params who{std::string(of.name()), std::to_string(of.version())};
  const auto work = [&]() -> outcome<void> {
    // Waits for a runner's transaction, which then finds the lease gone.
    const auto taken = database.run("UPDATE runner.projection_positions SET next = 0, lease = lease + 1, updated_at = now() "
                                    "WHERE projection = $1 AND version = $2", who);
    if (!taken) return std::unexpected(taken.error());
    const auto cleared = database.run("DELETE FROM runner.dead_letters WHERE projection = $1 AND version = $2", who);
    if (!cleared) return std::unexpected(cleared.error());
    return recreate_tables(database, of);
  };
  if (auto begun = database.run_script("BEGIN"); !begun) return begun;
  if (auto done = work(); !done) {
    database.roll_back();
    return done;
  }
  return database.run_script("COMMIT");
}

outcome<std::vector<live_projection>> stand(connection& database, std::span<const fold* const> which, std::uint32_t partition) {
  std::vector<live_projection> all;
  for (const auto* each : which) {
    const auto found = database.run("SELECT lease FROM runner.projection_positions WHERE projection = $1 AND version = $2 AND partition = $3",
                                    {std::string(each->name()), std::to_string(each->version()), std::to_string(partition)});
    if (!found) return std::unexpected(found.error());
    if (found->rows() == 0) return events::fail(failure_code::not_found, "a projection has no position");
    all.push_back({each, schema_name(*each), {}, found->integer(0, 0), {}});
  }
  return all;
}

/// The counts of all partitions, told one at a time.
class counting {
public:
  counting(const bulk_callback& callback, std::uint64_t total) : callback_(callback), now_{0, total, 0, "folding"} {}

  void add(std::uint64_t records, std::uint64_t happened) {
    const std::scoped_lock lock(mutex_);
    now_.records_done += records;
    now_.events_done += happened;
    if (callback_) callback_(now_);
  }
  void say(std::string_view step) {
    const std::scoped_lock lock(mutex_);
    now_.step = step;
    if (callback_) callback_(now_);
  }
  const bulk_progress& now() const { return now_; }

private:
  const bulk_callback& callback_;
  std::mutex mutex_;
  bulk_progress now_;
};

outcome<void> rebuild_partition(const bulk_source& source, std::span<const fold* const> which, events::partition_number partition,
                                events::log_offset end, counting& counts, std::stop_token stop) {
  auto database = connection::open(source.conninfo);
  if (!database) return std::unexpected(database.error());
  // A crash of the server loses at most a few batches together with their positions.
  if (auto set = database->run_script("SET synchronous_commit = off"); !set) return set;
  auto projections = stand(*database, which, partition.value);
  if (!projections) return std::unexpected(projections.error());
  std::vector<live_projection*> who;
  for (auto& each : *projections) who.push_back(&each);
  commit_request request{.partition = partition, .from = {}, .to = end, .log_end = end, .records = {}, .keep_log_state = false, .bulk = true};
  return fold_range(*database, source, who, request, [&](auto records, auto happened) { counts.add(records, happened); }, stop);
}

} // namespace

outcome<void> fold_range(connection& database, const bulk_source& source, std::span<live_projection* const> projections, commit_request request,
                         const std::function<void(std::uint64_t, std::uint64_t)>& progress, std::stop_token stop) {
  log_intake intake(source.log, source.keys, request.partition);
  const auto end = request.to;
  if (auto started = intake.start(request.from, std::nullopt); !started) return started;
  std::vector<intake_record> records;
  while (request.from < end) {
    if (stop.stop_requested()) return events::fail(failure_code::cancelled, "stopped on request");
    records.clear();
    if (auto got = intake.read(records, limits::rebuild_batch_events, end, std::chrono::seconds{1}); !got) return got;
    request.records = records;
    request.to = records.empty() || intake.stands_at(end) ? end : records.back().offset.next();
    if (auto done = commit_or_park(database, projections, request); !done) {
      if (done.error().taken_over) return events::fail(failure_code::locked, "another runner has taken over");
      return std::unexpected(done.error().reason);
    }
    std::uint64_t happened = 0;
    for (const auto& each : records) happened += each.happened.size();
    if (progress) progress(request.to.value - request.from.value, happened);
    request.from = request.to;
  }
  return {};
}

outcome<rebuild_report> rebuild(const bulk_source& source, std::span<const fold* const> which, const bulk_callback& progress, std::stop_token stop) {
  const auto began = std::chrono::steady_clock::now();
  auto database = connection::open(source.conninfo);
  if (!database) return std::unexpected(database.error());
  const auto lock = advisory_lock::try_now(*database, "rebuild");
  if (!lock) return std::unexpected(lock.error());
  std::vector<events::log_offset> ends;
  std::uint64_t total = 0;
  for (std::uint32_t i = 0; i < source.log.partitions(); ++i) {
    const auto range = source.log.range({i});
    if (!range) return std::unexpected(range.error());
    ends.push_back(range->end);
    total += range->end.value;
  }
  for (const auto* each : which) {
    if (auto made = ensure_schema(*database, *each, source.log.partitions()); !made) return std::unexpected(made.error());
    if (auto begun = begin_anew(*database, *each); !begun) return std::unexpected(begun.error());
  }
  counting counts(progress, total);
  std::vector<outcome<void>> ended(ends.size());
  {
    std::vector<std::jthread> threads;
    for (std::uint32_t i = 0; i < ends.size(); ++i)
      threads.emplace_back([&, i] { ended[i] = rebuild_partition(source, which, {i}, ends[i], counts, stop); });
  }
  counts.say("indexing");
  for (const auto* each : which)
    if (auto made = ensure_indexes(*database, *each); !made) return std::unexpected(made.error());
  (void)database->run_script("ANALYZE");
  for (const auto& each : ended)
    if (!each) return std::unexpected(each.error());
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  return rebuild_report{counts.now().records_done, counts.now().events_done, took};
}

} // namespace reverie::projections
