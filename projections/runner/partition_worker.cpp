#include "projections/runner/partition_worker.hpp"

#include "events/model/limits.hpp"
#include "projections/postgres/array_text.hpp"
#include "projections/postgres/projection_schemas.hpp"

#include <algorithm>

namespace reverie::projections {
namespace {

namespace limits = events::limits;
constexpr std::chrono::milliseconds first_delay{100}, longest_delay{5'000}, read_wait{1'000};
constexpr events::log_offset nowhere{UINT64_MAX};

commit_problem passing(events::failure reason) { return {std::move(reason), false, std::nullopt}; }

} // namespace

partition_worker::partition_worker(const worker_context& context, events::partition_number partition)
    : context_(context), partition_(partition), intake_(context.log, context.keys, partition) {}

partition_worker::~partition_worker() { stop(); }

void partition_worker::start() {
  stopping_ = false;
  thread_ = std::thread([this] { run(); });
}

void partition_worker::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  intake_.wake();
  if (thread_.joinable()) thread_.join();
}

bool partition_worker::back_off(std::chrono::milliseconds& delay) {
  std::unique_lock lock(mutex_);
  const bool stop = stopped_.wait_for(lock, delay, [&] { return stopping_; });
  delay = std::min(delay * 2, longest_delay);
  return !stop;
}

void partition_worker::run() {
  auto delay = first_delay;
  bool placed = false;
  for (;;) {
    {
      const std::scoped_lock lock(mutex_);
      if (stopping_) return;
    }
    std::expected<void, commit_problem> done;
    bool idle = false;
    if (!placed) {
      if (auto taken = projections_.empty() ? take_over() : start_intake(); !taken) done = std::unexpected(passing(taken.error()));
      else placed = true;
    }
    if (done) done = step(idle);
    if (done) {
      delay = first_delay;
      continue;
    }
    const auto& problem = done.error();
    context_.board.report_problem(partition_, problem.taken_over ? "another runner has taken over" : problem.reason.message);
    if (problem.taken_over) return;
    const bool keys_only = problem.reason.code == events::failure_code::key_unavailable;
    if (!keys_only) {
      placed = false;
      database_.reset();
    }
    if (!back_off(delay)) return;
  }
}

outcome<void> partition_worker::take_over() {
  auto opened = connection::open(context_.conninfo);
  if (!opened) return std::unexpected(opened.error());
  database_ = std::move(*opened);
  std::vector<live_projection> fresh;
  for (const auto* each : context_.folds) {
    const auto found = database_->run("UPDATE runner.projection_positions SET lease = lease + 1 "
                                    "WHERE projection = $1 AND version = $2 AND partition = $3 RETURNING next, lease",
                                    {std::string(each->name()), std::to_string(each->version()), std::to_string(partition_.value)});
    if (!found) return std::unexpected(found.error());
    if (found->rows() == 0) return events::fail(failure_code::not_found, "a projection has no position; its schema was not made");
    live_projection one{each, schema_name(*each), {static_cast<std::uint64_t>(found->integer(0, 0))}, found->integer(0, 1), {}};
    if (auto loaded = load_parked(*database_, one, partition_); !loaded) return loaded;
    fresh.push_back(std::move(one));
  }
  projections_ = std::move(fresh);
  if (auto started = start_intake(); !started) {
    projections_.clear();
    return started;
  }
  return {};
}

/// After a lost connection: the lease stays ours unless somebody raised it; what was committed is read again.
outcome<void> partition_worker::start_intake() {
  if (!database_) {
    auto opened = connection::open(context_.conninfo);
    if (!opened) return std::unexpected(opened.error());
    database_ = std::move(*opened);
  }
  for (auto& each : projections_) {
    const auto found = database_->run("SELECT next FROM runner.projection_positions WHERE projection = $1 AND version = $2 AND partition = $3",
                                    {std::string(each.with->name()), std::to_string(each.with->version()), std::to_string(partition_.value)});
    if (!found) return std::unexpected(found.error());
    if (found->rows() == 1) each.next = {static_cast<std::uint64_t>(found->integer(0, 0))};
    if (auto loaded = load_parked(*database_, each, partition_); !loaded) return loaded;
  }
  const auto from = lowest();
  const auto state = database_->run("SELECT epoch, writer FROM runner.log_states WHERE partition = $1 AND next = $2",
                                    {std::to_string(partition_.value), std::to_string(from.value)});
  if (!state) return std::unexpected(state.error());
  std::optional<events::epoch_rule> known;
  if (state->rows() == 1) known.emplace(events::counting_pair{{static_cast<std::uint64_t>(state->integer(0, 0))}, {state->uuid(0, 1)}}, events::epoch_rule::next_sequences{});
  intake_.ask_sequences([this](const auto& unknown, events::epoch_rule& rule) { return learn_sequences(unknown, rule); });
  if (auto started = intake_.start(from, std::move(known)); !started) return started;
  if (const auto range = context_.log.range(partition_)) report(range->end);
  return {};
}

outcome<void> partition_worker::learn_sequences(const std::vector<events::entity_ref>& unknown, events::epoch_rule& rule) {
  array_text kinds, ids;
  for (const auto& each : unknown) {
    kinds.add_plain(std::to_string(static_cast<unsigned>(each.kind)));
    ids.add(each.id);
  }
  const auto rows = database_->run("SELECT s.entity_kind, s.entity_id, s.next_sequence FROM runner.entity_sequences s "
                                   "JOIN unnest($2::smallint[], $3::uuid[]) u(kind, id) ON s.entity_kind = u.kind AND s.entity_id = u.id "
                                   "WHERE s.partition = $1",
                                   {std::to_string(partition_.value), std::move(kinds).finish(), std::move(ids).finish()});
  if (!rows) return std::unexpected(rows.error());
  for (const auto& each : unknown) rule.restore(each, {1});
  for (std::size_t i = 0; i < rows->rows(); ++i)
    rule.restore({static_cast<events::entity_kind>(rows->integer(i, 0)), rows->uuid(i, 1)}, {static_cast<std::uint64_t>(rows->integer(i, 2))});
  return {};
}

events::log_offset partition_worker::lowest() const { return std::ranges::min(projections_, {}, &live_projection::next).next; }

events::log_offset partition_worker::boundary() const {
  const auto low = lowest();
  auto next = nowhere;
  for (const auto& each : projections_)
    if (each.next > low) next = std::min(next, each.next);
  return next;
}

std::expected<void, commit_problem> partition_worker::step(bool& idle) {
  const auto from = lowest();
  const auto before = boundary();
  std::vector<intake_record> records;
  if (auto got = intake_.read(records, limits::projection_batch_events, before, read_wait); !got) return std::unexpected(passing(got.error()));
  const auto range = context_.log.range(partition_);
  const auto log_end = range ? range->end : from;
  idle = records.empty();
  const bool caught_up = before != nowhere && intake_.stands_at(before); // with projections that were ahead
  if (records.empty() && !caught_up) return {};
  std::vector<live_projection*> who;
  for (auto& each : projections_)
    if (each.next == from) who.push_back(&each);
  const auto to = caught_up ? before : records.back().offset.next();
  commit_request request{partition_, from, to, log_end, records};
  // While some projections are ahead, the stored sequences are theirs: writing this place beside them would make the rule drop what the
  // ones behind have not seen. Without a stored place the rule is derived from the log again.
  request.keep_log_state = before == nowhere;
  auto done = commit_or_park(*database_, who, request);
  if (done) {
    report(log_end);
    if (context_.after_commit) context_.after_commit(partition_);
  }
  return done;
}

void partition_worker::report(events::log_offset log_end) {
  std::vector<projection_status> now;
  for (const auto& each : projections_)
    now.push_back({std::string(each.with->name()), each.with->version(), partition_, each.next,
                   log_end > each.next ? log_end.value - each.next.value : 0, each.parked.size(), {}});
  context_.board.report(partition_, std::move(now));
}

} // namespace reverie::projections
