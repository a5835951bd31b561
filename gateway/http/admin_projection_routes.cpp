#include "gateway/http/admin_api.hpp"
#include "gateway/http/rest_api.hpp"

#include <algorithm>
#include <charconv>

namespace reverie::gateway {

namespace {

std::string projection_in(const http_request& request) { return request.path_values.empty() ? std::string() : request.path_values.front(); }

projection_action action_of(const http_request& request, std::string what) {
  projection_action action{.projection = projection_in(request), .what = std::move(what)};
  if (request.path_values.size() > 1) {
    const std::string_view text = request.path_values[1];
    std::from_chars(text.data(), text.data() + text.size(), action.version);
  }
  return action;
}

/// `rate` and `switch` of a body.
result<void> read_wishes(const action_body& body, projection_action& action) {
  if (const auto rate = body.fields.find("rate"); rate != body.fields.end() && !rate->is_null()) {
    if (!rate->is_number_unsigned()) return std::unexpected(validation_error("rate is events a second, from 0.", "rate"));
    action.rate = rate->get<std::uint64_t>();
    if (*action.rate > 1'000'000'000) return std::unexpected(validation_error("rate is at most 1000000000.", "rate"));
  }
  if (const auto limit = body.fields.find("live_p99_ms"); limit != body.fields.end() && !limit->is_null()) {
    if (!limit->is_number_unsigned() || limit->get<std::uint64_t>() > 600'000) return std::unexpected(validation_error("live_p99_ms is milliseconds, from 0 to 600000.", "live_p99_ms"));
    action.live_p99_ms = limit->get<std::uint64_t>();
  }
  if (const auto wish = body.fields.find("switch"); wish != body.fields.end() && !wish->is_null()) {
    if (!wish->is_boolean()) return std::unexpected(validation_error("switch is true or false.", "switch"));
    action.switch_over = wish->get<bool>();
  }
  return {};
}

std::string trend_of(const std::vector<std::string>& trends) {
  for (const char* each : {"falling_behind", "catching_up"})
    if (std::ranges::find(trends, each) != trends.end()) return each;
  return "steady";
}

} // namespace

void admin_api::add_projection_routes(std::vector<route>& routes) {
  add_list(routes, "/projections", "Versions, lag, pace, rebuilds", {}, &admin_api::projections);
  add_action(routes, "/projections/{p}/preflight", "Look at what a rebuild would find, make and take", &admin_api::preflight, 202);
  add_read(routes, "/projections/{p}/preflight", "How far the look is, and what it found", {}, &admin_api::shown_preflight);
  add_action(routes, "/projections/{p}/preflight/cancel", "End it", &admin_api::cancel_preflight);
  add_action(routes, "/projections/{p}/rebuild", "Begin a rebuild [confirm, reason]", &admin_api::rebuild, 202);
  add_read(routes, "/projections/{p}/rebuild", "How far a rebuild is", {}, &admin_api::shown_rebuild);
  add_read(routes, "/projections/{p}/rebuild/impact", "What it would touch", {}, &admin_api::rebuild_impact);
  add_action(routes, "/projections/{p}/rebuild/pause", "Pause it", &admin_api::pause);
  add_action(routes, "/projections/{p}/rebuild/resume", "Go on with a paused or interrupted one", &admin_api::resume);
  add_action(routes, "/projections/{p}/rebuild/cancel", "End it and take away what it made [reason]", &admin_api::cancel);
  add_action(routes, "/projections/{p}/rebuild/rate", "Events a second at most, and how long live commands may take; 0: no limit", &admin_api::change_rate);
  add_action(routes, "/projections/{p}/switch", "Let readers see the ready version [confirm, reason]", &admin_api::switch_version);
  add_read(routes, "/projections/{p}/switch/impact", "What it would touch", {}, &admin_api::switch_impact);
  add_action(routes, "/projections/{p}/roll-back", "Go back to the older version [confirm, reason]", &admin_api::roll_back);
  add_read(routes, "/projections/{p}/roll-back/impact", "What it would touch", {}, &admin_api::roll_back_impact);
  add_action(routes, "/projections/{p}/versions/{v}/drop", "Take a version away [confirm, reason]", &admin_api::drop_version);
  add_read(routes, "/projections/{p}/versions/{v}/drop/impact", "What it would touch", {}, &admin_api::drop_impact);
  add_action(routes, "/projections/{p}/verify", "Compare its rows with a fold of the log", &admin_api::compare, 202);
  add_read(routes, "/projections/{p}/verify", "What the last comparison found", {}, &admin_api::shown_comparison);
}

document admin_api::version_document(const std::string& projection, const version_view& version) const {
  std::vector<std::string> trends;
  std::uint64_t lag = 0;
  double lag_seconds = 0, rate = 0;
  bool stalled = false;
  std::string problem;
  auto partitions = document::array();
  const auto statuses = ports_.progress.status();
  const auto log = ports_.node.status();
  for (const auto& [partition, stored] : version.next) {
    const auto live = std::ranges::find_if(statuses, [&](const auto& each) { return each.projection == projection && each.version == version.version && each.partition == partition; });
    const auto end = std::ranges::find(log, partition, &actors::partition_status::partition);
    const bool followed = live != statuses.end();
    const auto next = followed ? live->next : stored;
    const auto log_end = std::max(end == log.end() ? next : end->log_end, next);
    const auto behind = followed ? live->lag_records : log_end.value - next.value;
    const auto pace = pulse_.pace_of(projection, version.version, partition);
    trends.push_back(pace.trend);
    lag += behind;
    rate += pace.rate_per_s;
    stalled = stalled || pace.stalled;
    if (followed) lag_seconds = std::max(lag_seconds, live->lag_seconds);
    if (followed && problem.empty()) problem = live->problem;
    partitions.push_back({{"partition", partition.value}, {"next", next.value}, {"log_end", log_end.value}, {"lag_records", behind},
                          {"lag_seconds", followed ? document(live->lag_seconds) : document(nullptr)}, {"rate_per_s", pace.rate_per_s},
                          {"problem", followed && !live->problem.empty() ? document(live->problem) : document(nullptr)},
                          {"parked_entities", followed ? live->parked_entities : 0}});
  }
  return {{"version", version.version}, {"fold_version", version.fold_version}, {"state", version.state}, {"serving", version.serving}, {"schema", version.schema},
          {"switched_at", version.switched_at ? document(events::format_rfc3339(*version.switched_at)) : document(nullptr)},
          {"rows", version.rows ? document(*version.rows) : document(nullptr)}, {"lag_records", lag}, {"lag_seconds", lag_seconds}, {"rate_per_s", rate},
          {"trend", trend_of(trends)}, {"stalled", stalled}, {"problem", problem.empty() ? document(nullptr) : document(problem)},
          {"parked_entities", version.parked_entities}, {"partitions", std::move(partitions)}};
}

/// Blocks.
result<document> admin_api::projections_document() {
  if (auto there = present(operators_.projections); !there) return std::unexpected(there.error());
  auto all = operators_.projections->list();
  if (!all) return std::unexpected(all.error());
  auto items = document::array();
  for (auto& each : *all) {
    document serving = nullptr;
    auto versions = document::array(), history = document::array();
    for (const auto& version : each.versions) {
      if (version.serving) serving = version.version;
      versions.push_back(version_document(each.projection, version));
    }
    for (const auto& moment : pulse_.history_of(each.projection))
      history.push_back({{"at", events::format_rfc3339(moment.at)}, {"lag_records", moment.lag_records}, {"rate_per_s", moment.rate_per_s}});
    items.push_back({{"projection", each.projection}, {"serving_version", std::move(serving)}, {"versions", std::move(versions)},
                     {"rebuild", std::move(each.rebuild)}, {"paused", std::move(each.paused)}, {"history", std::move(history)}});
  }
  const auto total = items.size();
  return page_document(std::move(items), "", total);
}

result<document> admin_api::projection_document(const std::string& name) {
  auto all = projections_document();
  if (!all) return all;
  for (auto& each : (*all)["items"])
    if (each["projection"] == name) return std::move(each);
  return std::unexpected(not_found_error("There is no such projection."));
}

task<http_response> admin_api::projections(http_request& request) {
  co_return co_await show(request, [this] { return projections_document(); });
}

task<http_response> admin_api::preflight(http_request& request) {
  if (auto there = present(operators_.projections); !there) co_return refused(request, there.error());
  const auto name = projection_in(request);
  intent wish{.action = "projection.preflight", .subject = name, .success = 202};
  co_return co_await act(request, std::move(wish), [this, name](const action_body&) { return operators_.projections->preflight(name); });
}

task<http_response> admin_api::shown_preflight(http_request& request) {
  if (auto there = present(operators_.projections); !there) co_return refused(request, there.error());
  co_return co_await show(request, [this, name = projection_in(request)] { return operators_.projections->preflight_of(name); });
}

task<http_response> admin_api::cancel_preflight(http_request& request) {
  if (auto there = present(operators_.projections); !there) co_return refused(request, there.error());
  const auto name = projection_in(request);
  intent wish{.action = "projection.preflight.cancel", .subject = name};
  co_return co_await act(request, std::move(wish), [this, name](const action_body&) { return operators_.projections->cancel_preflight(name); });
}

task<http_response> admin_api::shown_rebuild(http_request& request) {
  if (auto there = present(operators_.projections); !there) co_return refused(request, there.error());
  co_return co_await show(request, [this, name = projection_in(request)] { return operators_.projections->rebuild_of(name); });
}

task<http_response> admin_api::impact(http_request& request, std::string what) {
  if (auto there = present(operators_.projections); !there) co_return refused(request, there.error());
  co_return co_await show(request, [this, action = action_of(request, std::move(what))] { return operators_.projections->impact(action); });
}

/// What needs no typed text.
task<http_response> admin_api::steer(http_request& request, std::string what) {
  if (auto there = present(operators_.projections); !there) co_return refused(request, there.error());
  auto action = action_of(request, what);
  intent wish{.action = "rebuild." + what, .subject = action.projection, .needs_reason = what == "cancel"};
  co_return co_await act(request, std::move(wish), [this, action](const action_body& body) mutable -> result<document> {
    if (auto read = read_wishes(body, action); !read) return std::unexpected(read.error());
    if (action.what == "rate" && !action.rate && !action.live_p99_ms) return std::unexpected(validation_error("rate is events a second, from 0.", "rate"));
    return operators_.projections->act(action);
  });
}

/// What must be confirmed.
task<http_response> admin_api::change(http_request& request, std::string what) {
  if (auto there = present(operators_.projections); !there) co_return refused(request, there.error());
  auto action = action_of(request, what);
  intent wish{.action = "projection." + what, .subject = action.projection, .impact = [this, action] { return operators_.projections->impact(action); },
              .needs_reason = true};
  if (action.version > 0) wish.subject += " v" + std::to_string(action.version);
  wish.success = what == "rebuild" ? 202 : 200;
  if (what == "switch") wish.goes_on = [](const document& answered) { return answered.contains("state"); }; // the rebuild, which takes longer
  co_return co_await act(request, std::move(wish), [this, action](const action_body& body) mutable -> result<document> {
    if (auto read = read_wishes(body, action); !read) return std::unexpected(read.error());
    auto done = operators_.projections->act(action);
    return done && done->is_null() ? projection_document(action.projection) : done;
  });
}

task<http_response> admin_api::compare(http_request& request) {
  if (auto there = present(operators_.projections); !there) co_return refused(request, there.error());
  auto action = action_of(request, "verify");
  intent wish{.action = "projection.verify", .subject = action.projection, .success = 202};
  co_return co_await act(request, std::move(wish), [this, action](const action_body&) { return operators_.projections->act(action); });
}

task<http_response> admin_api::shown_comparison(http_request& request) {
  if (auto there = present(operators_.projections); !there) co_return refused(request, there.error());
  co_return co_await show(request, [this, name = projection_in(request)] { return operators_.projections->comparison_of(name); });
}

task<http_response> admin_api::rebuild(http_request& request) { return change(request, "rebuild"); }
task<http_response> admin_api::rebuild_impact(http_request& request) { return impact(request, "rebuild"); }
task<http_response> admin_api::pause(http_request& request) { return steer(request, "pause"); }
task<http_response> admin_api::resume(http_request& request) { return steer(request, "resume"); }
task<http_response> admin_api::cancel(http_request& request) { return steer(request, "cancel"); }
task<http_response> admin_api::change_rate(http_request& request) { return steer(request, "rate"); }
task<http_response> admin_api::switch_version(http_request& request) { return change(request, "switch"); }
task<http_response> admin_api::switch_impact(http_request& request) { return impact(request, "switch"); }
task<http_response> admin_api::roll_back(http_request& request) { return change(request, "roll-back"); }
task<http_response> admin_api::roll_back_impact(http_request& request) { return impact(request, "roll-back"); }
task<http_response> admin_api::drop_version(http_request& request) { return change(request, "drop"); }
task<http_response> admin_api::drop_impact(http_request& request) { return impact(request, "drop"); }

} // namespace reverie::gateway
