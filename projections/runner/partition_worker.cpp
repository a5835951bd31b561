#include "projections/runner/partition_worker.hpp"

#include "events/model/limits.hpp"
#include "projections/postgres/array_text.hpp"
#include "projections/postgres/bulk_session.hpp"
#include "projections/postgres/projection_schemas.hpp"
#include "projections/runner/event_rules.hpp"
#include "projections/runner/log_state.hpp"
#include "projections/runner/projection_pause.hpp"

#include <algorithm>
#include <exception>

namespace reverie::projections {
namespace {

namespace limits = events::limits;
constexpr std::chrono::milliseconds first_delay{100}, longest_delay{5'000}, follow_wait{1'000};
constexpr events::log_offset nowhere{UINT64_MAX};

commit_problem passing(events::failure reason) { return {std::move(reason), false, false, std::nullopt}; }

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

void partition_worker::look_again() {
  {
    const std::scoped_lock lock(mutex_);
    look_again_ = true;
  }
  stopped_.notify_all();
  intake_.wake();
}

/// All of the partition is paused: there is nothing to read.
void partition_worker::wait_for_change() {
  {
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, follow_wait, [this] { return stopping_ || look_again_; });
  }
  report({});
}

/// One step: first to a place in the log, if it has none or if what it follows may have changed. What is thrown is a problem as any other:
/// it is shown, and tried again.
std::expected<void, commit_problem> partition_worker::proceed(bool& placed) try {
  if (look_again_.exchange(false)) placed = false;
  if (!placed) {
    if (auto taken = take_over(); !taken) return taken;
    placed = true;
  }
  if (!projections_.empty()) return step();
  wait_for_change();
  return {};
} catch (const std::exception& thrown) {
  return std::unexpected(passing({events::failure_code::malformed, thrown.what(), std::nullopt}));
}

void partition_worker::run() {
  auto delay = first_delay;
  bool placed = false;
  for (;;) {
    {
      const std::scoped_lock lock(mutex_);
      if (stopping_) return;
    }
    const auto done = proceed(placed);
    if (done) {
      delay = first_delay;
      continue;
    }
    const auto& problem = done.error();
    if (problem.versions_changed) {
      placed = false;
      continue;
    }
    const bool keys_only = problem.reason.code == events::failure_code::key_unavailable;
    context_.board.report_problem(partition_, problem.taken_over ? "another runner has taken over" : problem.reason.message, !problem.taken_over && !keys_only);
    if (problem.taken_over) return;
    if (!keys_only) {
      placed = false;
      database_.reset();
    }
    if (!back_off(delay)) return;
  }
}

/// Raises the lease of one instance; one that is ours already must still be. Nothing when it is not, or its position is gone.
outcome<std::optional<live_projection>> partition_worker::take(const projection_version& one, const fold& with) {
  const auto held = std::ranges::find_if(projections_, [&](const auto& each) { return each.with == &with && each.version == one.number; });
  sql_params params{one.projection, std::to_string(one.number), std::to_string(partition_.value)};
  if (held != projections_.end()) params.emplace_back(std::to_string(held->lease));
  const std::string where = " WHERE projection = $1 AND version = $2 AND partition = $3";
  const auto found = held != projections_.end()
                         ? database_->run("SELECT next, lease FROM runner.projection_positions" + where + " AND lease = $4 FOR UPDATE", params)
                         : database_->run("UPDATE runner.projection_positions SET lease = lease + 1" + where + " RETURNING next, lease", params);
  if (!found) return std::unexpected(found.error());
  if (found->rows() == 0) return std::optional<live_projection>{};
  live_projection fresh{&with, one.number, one.schema, one.serving, {static_cast<std::uint64_t>(found->integer(0, 0))}, found->integer(0, 1), {}};
  if (auto loaded = load_parked(*database_, fresh, partition_); !loaded) return std::unexpected(loaded.error());
  return fresh;
}

/// Raises the leases of all that is followed in one transaction. Taken one by one, two workers that start together could each get some of
/// them, and both would step back. Nothing when one of them is somebody else's by now.
outcome<std::optional<std::vector<live_projection>>> partition_worker::take_all(const version_catalogue& catalogue) {
  std::vector<live_projection> fresh;
  bool ours = true;
  const auto done = in_transaction(*database_, [&]() -> outcome<void> {
    if (auto left = leave_paused(catalogue); !left) return left;
    for (const auto& each : catalogue.versions) {
      if (each.state != version_state::followed) continue;
      if (std::ranges::contains(paused_, each.projection, &projection_status::projection)) continue;
      const auto with = std::ranges::find_if(context_.folds, [&](const auto* one) { return each.is_of(*one); });
      if (with == context_.folds.end()) continue;
      auto taken = take(each, **with);
      if (!taken) return std::unexpected(taken.error());
      ours = ours && taken->has_value();
      if (!ours) return events::fail(events::failure_code::cancelled, "another runner has taken over");
      fresh.push_back(std::move(**taken));
    }
    return {};
  });
  if (!ours) return std::optional<std::vector<live_projection>>{};
  if (!done) return std::unexpected(done.error());
  return fresh;
}

/// Those that stand still are shown, and left where they are.
outcome<void> partition_worker::leave_paused(const version_catalogue& catalogue) {
  paused_.clear();
  const auto found = paused_projections(*database_, partition_);
  if (!found) return std::unexpected(found.error());
  for (const auto& each : *found) {
    for (const auto& version : catalogue.versions) {
      if (version.projection != each.projection || version.state != version_state::followed) continue;
      const auto next = database_->run("SELECT next FROM runner.projection_positions WHERE projection = $1 AND version = $2 AND partition = $3",
                                       {version.projection, std::to_string(version.number), std::to_string(partition_.value)});
      if (!next) return std::unexpected(next.error());
      if (next->rows() == 0) continue;
      paused_.push_back({version.projection, version.number, partition_, {static_cast<std::uint64_t>(next->integer(0, 0))}, 0, 0, {}, version.serving});
    }
  }
  return {};
}

/// Finds out what is followed, takes it over and goes to its place in the log. What was ours and is somebody else's now ends this worker.
std::expected<void, commit_problem> partition_worker::take_over() {
  if (!database_) {
    auto opened = connection::open(context_.conninfo);
    if (!opened) return std::unexpected(passing(opened.error()));
    database_ = std::move(*opened);
    prefer_fast_packing(*database_);
  }
  const auto catalogue = read_catalogue(*database_);
  if (!catalogue) return std::unexpected(passing(catalogue.error()));
  auto fresh = take_all(*catalogue);
  if (!fresh) return std::unexpected(passing(fresh.error()));
  if (!*fresh) {
    const auto now = read_catalogue(*database_);
    const bool same = now && now->generation == catalogue->generation;
    return std::unexpected(commit_problem{{}, same, !same, {}});
  }
  if ((*fresh)->empty() && paused_.empty()) return std::unexpected(passing({failure_code::not_found, "no projection has a position; their schemas were not made"}));
  projections_ = std::move(**fresh);
  generation_ = catalogue->generation;
  if (projections_.empty()) {
    report({});
    return {};
  }
  if (auto started = start_intake(); !started) return std::unexpected(passing(started.error()));
  return {};
}

outcome<void> partition_worker::start_intake() {
  const auto from = lowest();
  const auto state = database_->run("SELECT epoch, writer FROM runner.log_states WHERE partition = $1 AND next = $2",
                                    {std::to_string(partition_.value), std::to_string(from.value)});
  if (!state) return std::unexpected(state.error());
  auto stored = stored_log_state(*database_, partition_);
  if (!stored) return std::unexpected(stored.error());
  stored_state_ = *stored;
  std::optional<events::epoch_rule> known;
  if (state->rows() == 1) known.emplace(events::counting_pair{{static_cast<std::uint64_t>(state->integer(0, 0))}, {state->uuid(0, 1)}}, events::epoch_rule::next_sequences{});
  auto rules = event_rules::load(*database_);
  if (!rules) return std::unexpected(rules.error());
  intake_.read_by(std::move(*rules));
  intake_.ask_sequences([this](const auto& unknown, events::epoch_rule& rule) { return learn_sequences(unknown, rule); });
  if (auto started = intake_.start(from, std::move(known)); !started) return started;
  if (const auto range = context_.log.range(partition_)) report(range->end);
  return {};
}

/// A tool may have folded on without storing it, and so may those have that were ahead of others: what is stored is of an earlier place then,
/// and the records of one batch would not make it whole.
outcome<void> partition_worker::keep_up_log_state(events::log_offset from) {
  if (stored_state_ && *stored_state_ >= from) return {};
  if (auto stored = store_log_state(*database_, partition_, from, intake_.rule()); !stored) return stored;
  stored_state_ = from;
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

std::expected<void, commit_problem> partition_worker::step() {
  const auto from = lowest();
  const auto before = boundary();
  // While some projections are ahead, what is stored is of their place or of an earlier one, and stays so.
  if (before == nowhere)
    if (auto kept = keep_up_log_state(from); !kept) return std::unexpected(passing(kept.error()));
  std::vector<intake_record> records;
  if (auto got = intake_.read(records, limits::projection_batch_events, before, follow_wait, intake_batch::what_is_here); !got) return std::unexpected(passing(got.error()));
  const auto range = context_.log.range(partition_);
  const auto log_end = range ? range->end : from;
  const bool caught_up = before != nowhere && intake_.stands_at(before); // with projections that were ahead
  if (records.empty() && !caught_up) {
    if (from >= log_end) report(log_end);
    return {};
  }
  std::vector<live_projection*> who;
  for (auto& each : projections_)
    if (each.next == from) who.push_back(&each);
  const auto to = caught_up ? before : records.back().offset.next();
  commit_request request{partition_, from, to, log_end, records};
  request.keep_log_state = before == nowhere;
  request.generation = generation_;
  auto done = commit_or_park(*database_, who, request);
  if (done) {
    if (!records.empty()) folded_until_ = records.back().at;
    if (request.keep_log_state && !records.empty()) stored_state_ = std::max(*stored_state_, to);
    report(log_end);
    if (context_.after_commit) context_.after_commit(partition_);
  }
  return done;
}

void partition_worker::report(events::log_offset log_end) {
  std::vector<projection_status> now;
  for (const auto& each : projections_)
    now.push_back({std::string(each.with->name()), each.version, partition_, each.next, log_end > each.next ? log_end.value - each.next.value : 0,
                   each.parked.size(), {}, each.serving, folded_until_});
  for (auto each : paused_) {
    if (const auto range = context_.log.range(partition_)) log_end = range->end;
    each.lag_records = log_end > each.next ? log_end.value - each.next.value : 0;
    now.push_back(std::move(each));
  }
  context_.board.report(partition_, std::move(now));
}

} // namespace reverie::projections
