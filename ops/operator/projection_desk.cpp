#include "ops/operator/projection_desk.hpp"

#include "ops/operator/failure_view.hpp"
#include "ops/operator/projection_catalogue.hpp"
#include "projections/postgres/advisory_lock.hpp"
#include "projections/runner/version_switch.hpp"

#include <algorithm>

namespace reverie::ops {

using events::failure_code;
using gateway::document;
using gateway::projection_action;
using gateway::result;
using std::chrono::steady_clock;

namespace {

constexpr auto begin_within = std::chrono::milliseconds(600);
constexpr std::size_t rate_readings = 10;

result<const projections::fold*> fold_named(const std::string& projection) {
  if (const auto* found = projections::find_fold(projection)) return found;
  return std::unexpected(gateway::not_found_error("There is no such projection."));
}

} // namespace

projection_desk::projection_desk(projections::connection_pool& pool, projections::bulk_source source, std::uint64_t default_rate,
                                 std::uint64_t default_live_p99_ms, std::chrono::milliseconds switch_within)
    : pool_(pool), source_(std::move(source)), default_rate_(default_rate), default_live_p99_ms_(default_live_p99_ms), switch_within_(switch_within) {}

projection_desk::~projection_desk() { stop(); }

void projection_desk::stop() {
  stopping_.request_stop();
  resuming_ = {}; // begins nothing any more
  std::vector<std::jthread> threads;
  {
    const std::scoped_lock lock(mutex_);
    for (auto& [name, each] : rebuilds_) threads.push_back(std::move(each.thread));
    for (auto& [name, each] : comparisons_) threads.push_back(std::move(each.thread));
  }
  preflights_.stop();
}

bool projection_desk::wait_until_idle(std::chrono::milliseconds within) {
  std::unique_lock lock(mutex_);
  const auto runs = [](const auto& each) { return each.second.running; };
  return ended_.wait_for(lock, within, [&] { return std::ranges::none_of(rebuilds_, runs) && std::ranges::none_of(comparisons_, runs); }) && preflights_.wait_until_idle(within);
}

result<std::vector<gateway::projection_view>> projection_desk::list() {
  auto database = pool_.borrow();
  if (!database) return std::unexpected(operator_error(database.error()));
  auto all = projections_in(**database);
  if (!all) return std::unexpected(operator_error(all.error()));
  for (auto& each : *all) {
    auto view = rebuild_view(**database, each.projection);
    if (!view) return std::unexpected(view.error());
    each.rebuild = std::move(*view);
  }
  return std::move(*all);
}

result<document> projection_desk::rebuild_of(const std::string& projection) {
  if (auto known = fold_named(projection); !known) return std::unexpected(known.error());
  auto database = pool_.borrow();
  if (!database) return std::unexpected(operator_error(database.error()));
  return rebuild_view(**database, projection);
}

/// Null when there never was one. One that says it runs while nobody holds its lock was interrupted: shown as paused, to be resumed.
result<document> projection_desk::rebuild_view(projections::connection& database, const std::string& projection) {
  const auto rows = database.run("SELECT version, state, step, records_done, records_total, events_per_second, message, " + projections::as_milliseconds("started_at") +
                                     ", work_share, live_p99_ms, live_p99_limit_ms, comparison FROM runner.rebuilds WHERE projection = $1", {projection});
  if (!rows) return std::unexpected(operator_error(rows.error()));
  if (rows->rows() == 0) return document(nullptr);
  const auto text = [&](std::size_t column) { return std::string(rows->text(0, column)); };
  const auto done = static_cast<std::uint64_t>(rows->integer(0, 3)), total = static_cast<std::uint64_t>(rows->integer(0, 4));
  auto state = text(1), problem = state == "failed" ? text(6) : std::string();
  if (state == "running" || state == "paused") {
    const auto free = projections::advisory_lock::try_now(database, "rebuild." + projection);
    if (free) {
      state = "paused";
      problem = "interrupted: resume goes on from here";
    } else if (state == "running" && text(2) == "comparing") {
      state = "comparing";
    }
  } else if (state == "done") {
    state = text(6) == "switched" ? "switched" : "ready";
    if (state == "ready" && text(6) != "ready") problem = text(6); // why it was not switched over
  }
  const std::scoped_lock lock(mutex_);
  auto& run = rebuilds_[projection];
  double rate = 0;
  if (state == "running" || state == "comparing") {
    run.seen.emplace_back(steady_clock::now(), done);
    if (run.seen.size() > rate_readings) run.seen.pop_front();
    const auto seconds = std::chrono::duration<double>(run.seen.back().first - run.seen.front().first).count();
    if (seconds > 0 && run.seen.back().second >= run.seen.front().second) rate = static_cast<double>(run.seen.back().second - run.seen.front().second) / seconds;
  } else {
    run.seen.clear();
  }
  if (!run.problem.empty() && problem.empty() && state == "failed") problem = run.problem;
  const bool works = state == "running" || state == "comparing";
  const auto share = works ? rows->real(0, 8) : 1.0;
  return document{{"projection", projection}, {"version", rows->integer(0, 0)}, {"state", state}, {"step", text(2)}, {"done", done}, {"total", total},
                  {"rate_per_s", rate}, {"seconds_left", rate > 0 && total > done ? document(static_cast<double>(total - done) / rate) : document(nullptr)},
                  {"rate_limit", rows->integer(0, 5) > 0 ? document(rows->integer(0, 5)) : document(nullptr)},
                  {"started_at", events::format_rfc3339(rows->time(0, 7))}, {"problem", problem.empty() ? document(nullptr) : document(problem)},
                  {"throttled", share < 1}, {"work_share", share}, {"live_p99_ms", works && !rows->is_null(0, 9) ? document(rows->real(0, 9)) : document(nullptr)},
                  {"live_p99_limit_ms", rows->integer(0, 10) > 0 ? document(rows->integer(0, 10)) : document(nullptr)}, {"comparison", rows->is_null(0, 11) ? document(nullptr) : document::parse(rows->text(0, 11))}};
}

result<document> projection_desk::preflight(const std::string& projection) {
  const auto of = fold_named(projection);
  return of ? preflights_.begin(**of) : std::unexpected(of.error());
}

result<document> projection_desk::preflight_of(const std::string& projection) {
  if (auto known = fold_named(projection); !known) return std::unexpected(known.error());
  return preflights_.view_of(projection);
}

result<document> projection_desk::cancel_preflight(const std::string& projection) {
  if (auto known = fold_named(projection); !known) return std::unexpected(known.error());
  return preflights_.cancel(projection);
}

/// What was asked for; who asks for the switch itself has been shown what was found.
projections::rebuild_options projection_desk::options_of(const projection_action& action) const {
  return {.switch_over = action.switch_over, .by_server = true, .despite_parked = action.what == "switch",
          .pace = {.events_per_second = action.rate.value_or(default_rate_), .live_p99_ms = action.live_p99_ms.value_or(default_live_p99_ms_)}};
}

/// Under a trail it is written down there, before and after; what can't be is not done.
result<void> projection_desk::begin_rebuild(const projections::fold& of, const projections::rebuild_options& how, resumption_trail* trail) {
  const std::string projection(of.name());
  {
    auto database = pool_.borrow();
    if (!database) return std::unexpected(operator_error(database.error()));
    const auto free = projections::advisory_lock::try_now(**database, "rebuild." + projection);
    if (!free) return free.error().code == failure_code::locked ? conflict("A rebuild of " + projection + " is running already.") : std::unexpected(operator_error(free.error()));
  }
  const std::scoped_lock lock(mutex_);
  if (stopping_.stop_requested()) return std::unexpected(gateway::unavailable_error("The server is stopping."));
  auto& run = rebuilds_[projection];
  if (run.running) return conflict("A rebuild of " + projection + " is running already.");
  run.running = true;
  run.switched = false;
  run.problem.clear();
  run.thread = std::jthread([this, projection, of = &of, how, trail] {
    const projections::fold* which[] = {of};
    const auto work = [&]() -> events::outcome<projections::rebuild_report> {
      if (trail == nullptr) return projections::rebuild(source_, which, {}, stopping_.get_token(), how);
      auto begun = trail->begin(projection);
      if (!begun) return std::unexpected(begun.error());
      auto ended = projections::rebuild(source_, which, {}, stopping_.get_token(), how);
      trail->end(std::move(*begun), ended);
      return ended;
    };
    const auto done = work();
    const std::scoped_lock held(mutex_);
    auto& mine = rebuilds_[projection];
    mine.running = false;
    if (!done) mine.problem = done.error().message;
    else mine.switched = done->projections.front().switched;
    ended_.notify_all();
  });
  return {};
}

/// What a rebuild that was interrupted was begun with, where nothing else is wished.
result<projections::rebuild_options> projection_desk::as_begun(const projection_action& action) {
  auto database = pool_.borrow();
  if (!database) return std::unexpected(operator_error(database.error()));
  const auto begun = (*database)->run("SELECT switch_over, events_per_second, live_p99_limit_ms, despite_parked FROM runner.rebuilds WHERE projection = $1", {action.projection});
  if (!begun) return std::unexpected(operator_error(begun.error()));
  auto how = options_of(action);
  if (begun->rows() == 0) return how;
  how.switch_over = begun->boolean(0, 0);
  how.despite_parked = begun->boolean(0, 3);
  if (!action.rate) how.pace.events_per_second = static_cast<std::uint64_t>(begun->integer(0, 1));
  if (!action.live_p99_ms) how.pace.live_p99_ms = static_cast<std::uint64_t>(begun->integer(0, 2));
  return how;
}

/// Goes on with a pause, or with what was interrupted.
result<void> projection_desk::go_on(const projection_action& action, const projections::fold& of) {
  auto view = rebuild_of(action.projection);
  if (!view) return std::unexpected(view.error());
  if (view->is_null()) return conflict("No rebuild of " + action.projection + " is under way.");
  const auto state = (*view)["state"].get<std::string>();
  if (state == "switched" || state == "cancelled" || state == "ready") return conflict("No rebuild of " + action.projection + " is under way.");
  if (state == "failed" || !(*view)["problem"].is_null()) {
    const auto begun = as_begun(action);
    return begun ? begin_rebuild(of, *begun) : std::unexpected(begun.error());
  }
  auto database = pool_.borrow();
  if (!database) return std::unexpected(operator_error(database.error()));
  if (auto told = projections::steer_rebuild(**database, action.projection, "run"); !told) return conflict(told.error().message);
  return {};
}

/// Null when it serves; the rebuild as it is when that takes longer.
result<document> projection_desk::wait_for_switch(const std::string& projection) {
  bool ended = false;
  {
    std::unique_lock lock(mutex_);
    const auto& run = rebuilds_[projection];
    ended = ended_.wait_for(lock, switch_within_, [&] { return !run.running; });
    if (ended && !run.problem.empty()) return conflict(run.problem);
    if (ended && run.switched) return document(nullptr);
  }
  auto view = rebuild_of(projection);
  if (!view || !ended) return view;
  const auto& problem = (*view)["problem"];
  return conflict(problem.is_string() ? problem.get<std::string>() : "The new version of " + projection + " was not switched to.");
}

result<void> projection_desk::drop(const projection_action& action, const projections::fold& of) {
  auto database = pool_.borrow();
  if (!database) return std::unexpected(operator_error(database.error()));
  const auto catalogue = projections::read_catalogue(**database);
  if (!catalogue) return std::unexpected(operator_error(catalogue.error()));
  for (const auto& each : catalogue->versions) {
    if (each.projection != action.projection || each.number != action.version) continue;
    if (each.serving) return conflict("Version " + std::to_string(action.version) + " serves.");
    if (each.state != projections::version_state::followed) {
      if (auto gone = projections::cancel_rebuild(**database, of); !gone) return std::unexpected(operator_error(gone.error()));
      return {};
    }
    if (auto gone = projections::drop_old(**database, action.projection); !gone) return std::unexpected(operator_error(gone.error()));
    return {};
  }
  return std::unexpected(gateway::not_found_error("There is no such version."));
}

/// Other limits leave a pause a pause.
result<void> projection_desk::change_rate(const projection_action& action) {
  auto database = pool_.borrow();
  if (!database) return std::unexpected(operator_error(database.error()));
  if (auto told = projections::steer_rebuild(**database, action.projection, "", action.rate, action.live_p99_ms); !told) return conflict(told.error().message);
  return {};
}

result<document> projection_desk::begin_comparison(const projections::fold& of) {
  const std::string name(of.name());
  const std::scoped_lock lock(mutex_);
  if (stopping_.stop_requested()) return std::unexpected(gateway::unavailable_error("The server is stopping."));
  for (const auto& [other, each] : comparisons_)
    if (each.running) return conflict("A comparison of " + other + " is under way.");
  auto& run = comparisons_[name];
  run.running = true;
  run.view = {{"projection", name}, {"state", "running"}, {"rows", 0}, {"differences", 0}, {"sample", document::array()}};
  run.thread = std::jthread([this, name, of = &of] {
    const projections::fold* which[] = {of};
    const auto found = projections::verify(source_, which, {}, 50, stopping_.get_token());
    const std::scoped_lock held(mutex_);
    auto& mine = comparisons_[name];
    mine.running = false;
    mine.view["state"] = found ? "done" : "failed";
    if (found) {
      mine.view["rows"] = found->rows;
      mine.view["differences"] = found->differences;
      mine.view["missing"] = found->missing;
      mine.view["unexpected"] = found->unexpected;
      mine.view["different"] = found->different;
      mine.view["sample"] = differences_view(found->first);
    } else {
      mine.view["problem"] = found.error().message;
    }
    ended_.notify_all();
  });
  return run.view;
}

result<document> projection_desk::comparison_of(const std::string& projection) {
  if (auto known = fold_named(projection); !known) return std::unexpected(known.error());
  const std::scoped_lock lock(mutex_);
  const auto found = comparisons_.find(projection);
  if (found == comparisons_.end()) return document{{"projection", projection}, {"state", "never"}, {"rows", 0}, {"differences", 0}, {"sample", document::array()}};
  return found->second.view;
}

result<document> projection_desk::act(const projection_action& action) {
  const auto of = fold_named(action.projection);
  if (!of) return std::unexpected(of.error());
  const auto& what = action.what;
  if (what == "verify") return begin_comparison(**of);
  if (what == "switch") {
    if (auto begun = begin_rebuild(**of, options_of(action)); !begun) return std::unexpected(begun.error());
    return wait_for_switch(action.projection);
  }
  auto done = [&]() -> result<void> {
    if (what == "rebuild") return begin_rebuild(**of, options_of(action));
    if (what == "resume") return go_on(action, **of);
    if (what == "rate") return change_rate(action);
    if (what == "drop") return drop(action, **of);
    auto database = pool_.borrow();
    if (!database) return std::unexpected(operator_error(database.error()));
    auto steered = events::outcome<void>{};
    if (what == "roll-back") steered = projections::roll_back(**database, **of).transform([](const auto&) {});
    else if (what == "cancel") steered = projections::cancel_rebuild(**database, **of).transform([](const auto&) {});
    else steered = projections::steer_rebuild(**database, action.projection, what);
    if (!steered && steered.error().code == failure_code::not_found) return conflict(steered.error().message);
    if (!steered) return std::unexpected(operator_error(steered.error()));
    return {};
  }();
  if (!done) return std::unexpected(done.error());
  if (what == "roll-back" || what == "drop") return document(nullptr);
  // A rebuild that was begun a moment ago has its row soon.
  for (auto waited = std::chrono::milliseconds(0); what == "rebuild" && waited < begin_within; waited += std::chrono::milliseconds(50)) {
    auto view = rebuild_of(action.projection);
    if (view && !view->is_null() && ((*view)["state"] == "running" || (*view)["state"] == "failed")) return view;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return rebuild_of(action.projection);
}

} // namespace reverie::ops
