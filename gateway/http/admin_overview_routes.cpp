#include "gateway/http/admin_api.hpp"
#include "gateway/http/rest_api.hpp"

#include "gateway/bridge/operator_limits.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace reverie::gateway {

namespace {

/// The node that serves a partition, when it is another one; empty otherwise.
std::optional<std::string> served_elsewhere(const actors::partition_status& of) {
  constexpr std::string_view words = "served by ";
  if (of.serving || !of.reason.starts_with(words)) return std::nullopt;
  return of.reason.substr(words.size());
}

/// Where a browser finds a node's console, by the pattern that the settings give; null when they give none.
document console_of(std::string pattern, std::string_view node) {
  if (!pattern.starts_with("https://") && !pattern.starts_with("http://")) return nullptr;
  const auto colon = node.rfind(':');
  const auto put = [&pattern](std::string_view name, std::string_view value) {
    for (auto at = pattern.find(name); at != std::string::npos; at = pattern.find(name, at + value.size())) pattern.replace(at, name.size(), value);
  };
  put("{host}", node.substr(0, colon));
  put("{port}", colon == std::string_view::npos ? std::string_view() : node.substr(colon + 1));
  while (pattern.ends_with('/')) pattern.pop_back();
  return pattern + "/console";
}

/// What is wrong, the worst first, and where an operator finds it.
document health_of(const gateway_ports& ports, const pulse_sample& now, std::uint64_t dead_letters, const verification_alarm& verified) {
  auto problems = document::array(), warnings = document::array();
  const auto note = [&](std::string_view severity, std::string title, std::string detail, const char* page) {
    (severity == "down" ? problems : warnings).push_back({{"severity", severity}, {"title", std::move(title)}, {"detail", std::move(detail)}, {"page", page}});
  };
  for (const auto& each : ports.node.status()) {
    const auto name = "Partition " + std::to_string(each.partition.value);
    if (!each.serving && !served_elsewhere(each)) note("down", name + " does not serve", each.reason, "partitions");
    if (each.gaps > 0) note("down", name + " has gaps", std::to_string(each.gaps) + " records came with a gap before them", "partitions");
    if (each.parked_entities > 0) note("warning", name + " has parked entities", std::to_string(each.parked_entities) + " can't be replayed", "partitions");
  }
  for (const auto& each : ports.progress.status())
    if (!each.problem.empty())
      note(each.serving ? "down" : "warning", "Projection " + each.projection + " stands still",
           "partition " + std::to_string(each.partition.value) + ": " + each.problem, "projections");
  if (verified.differences > 0)
    note("down", "Verification found a difference", std::to_string(verified.differences) + " differences between the log, its chains and what is stored", "verification");
  for (const auto& problem : verified.problems) note("warning", "The log can't be verified", problem, "verification");
  if (ports.not_ready)
    for (const auto& reason : ports.not_ready())
      if (reason.starts_with("postgres")) note("down", "The database can't be reached", reason, "overview");
  if (now.lag_seconds > 10) note("warning", "Projections are behind", std::to_string(now.lag_records) + " records, " + std::to_string(static_cast<std::uint64_t>(now.lag_seconds)) + " s", "projections");
  if (dead_letters > 0) note("warning", "Dead letters wait", std::to_string(dead_letters) + " events are parked", "dead-letters");
  if (now.effects > operator_limits::effects_alert_depth) note("warning", "Many effects wait", std::to_string(now.effects) + " are pending", "effects");
  if (now.oldest_effect_s > static_cast<double>(operator_limits::effects_alert_age.count()))
    note("warning", "An effect is old", "the oldest waits for " + std::to_string(static_cast<std::uint64_t>(now.oldest_effect_s)) + " s", "effects");
  const char* state = !problems.empty() ? "down" : !warnings.empty() ? "warning" : "ok";
  for (auto& each : warnings) problems.push_back(std::move(each));
  return {{"state", state}, {"problems", std::move(problems)}};
}

} // namespace

void admin_api::add_overview_routes(std::vector<route>& routes) {
  add_read(routes, "/me", "The operator, and how personal content may be seen", {}, &admin_api::me);
  add_read(routes, "/overview", "Health, rates, latency, lag, memory; the last ten minutes", {}, &admin_api::overview);
  add_stream(routes, "/live", "The views named by `topics`, every second", {"topics"}, &admin_api::live, operator_limits::live_every);
  add_list(routes, "/partitions", "Owner, offsets and counts of each partition", {}, &admin_api::partitions);
  add_list(routes, "/partitions/{n}/epochs", "Owners of a partition, newest first", {}, &admin_api::epochs);
  add_list(routes, "/settings", "All settings and where they come from; secrets are not shown", {}, &admin_api::settings);
}

task<http_response> admin_api::me(http_request& request) {
  const auto user = request.who.user;
  auto roles = document(request.who.roles);
  co_return co_await show(request, [this, user, roles = std::move(roles)]() -> result<document> {
    auto modes = document::array({"none", "masked"});
    if (operators_.full_allowed) modes.push_back("full");
    return document{{"id", events::to_string(user)}, {"email", email_of(user)}, {"roles", roles}, {"privacy_modes", std::move(modes)}};
  });
}

/// Blocks.
document admin_api::overview_document(bool with_history) {
  const auto now = pulse_.last();
  std::uint64_t letters = 0, live = 0, partitions = 0;
  if (operators_.letters != nullptr) letters = operators_.letters->parked().value_or(0);
  for (const auto& each : ports_.node.status()) {
    live += each.live_entities;
    ++partitions;
  }
  document view{{"at", events::format_rfc3339(ports_.now())}, {"version", operators_.version}, {"uptime_s", pulse_.uptime().count()}, {"node", operators_.node}};
  view["log"] = {{"kind", operators_.log_kind}, {"partitions", partitions}, {"records", now.records}};
  view["health"] = health_of(ports_, now, letters, operators_.verification == nullptr ? verification_alarm{} : operators_.verification->alarm());
  view["rates"] = {{"commands_per_s", now.commands_per_s}, {"records_per_s", now.records_per_s}, {"requests_per_s", now.requests_per_s}, {"frames_per_s", now.frames_per_s}};
  view["latency"] = {{"command_p50_ms", now.command_p50_ms}, {"command_p99_ms", now.command_p99_ms}, {"request_p50_ms", now.request_p50_ms}, {"request_p99_ms", now.request_p99_ms}};
  view["connections"] = {{"open", now.connections}, {"websockets", now.websockets}};
  view["memory"] = {{"resident_bytes", now.resident_bytes}, {"live_entities", live}};
  view["lag"] = {{"records", now.lag_records}, {"seconds", now.lag_seconds}};
  view["dead_letters"] = letters;
  view["effects"] = {{"depth", now.effects}, {"oldest_s", now.oldest_effect_s}};
  if (!with_history) return view;
  auto history = document::array();
  for (const auto& each : pulse_.history())
    history.push_back({{"at", events::format_rfc3339(each.at)}, {"commands_per_s", each.commands_per_s}, {"records_per_s", each.records_per_s},
                       {"command_p99_ms", each.command_p99_ms}, {"lag_records", each.lag_records}, {"connections", each.connections},
                       {"resident_bytes", each.resident_bytes}});
  view["history"] = std::move(history);
  return view;
}

task<http_response> admin_api::overview(http_request& request) {
  co_return co_await show(request, [this]() -> result<document> { return overview_document(true); });
}

document admin_api::partitions_document() {
  auto items = document::array();
  for (const auto& each : ports_.node.status()) {
    document checkpoint = nullptr;
    if (each.checkpoint)
      checkpoint = {{"at", events::format_rfc3339(each.checkpoint->at)}, {"offset", each.checkpoint->offset.value},
                    {"generations", each.checkpoint->generation}, {"bytes", each.checkpoint->bytes}};
    const auto other = served_elsewhere(each);
    items.push_back({{"partition", each.partition.value}, {"serving", each.serving || other}, {"here", each.serving},
                     {"reason", other ? std::string() : each.reason},
                     {"node", other ? document(*other) : each.serving ? document(operators_.node) : document(nullptr)},
                     {"console", other ? console_of(operators_.node_url, *other) : document(nullptr)}, {"epoch", each.epoch.value},
                     {"writer", each.writer.is_nil() ? document(nullptr) : document(events::to_string(each.writer))},
                     {"applied_next", each.applied_next.value}, {"log_begin", 0}, {"log_end", each.log_end.value}, {"counted", each.counted},
                     {"fenced", each.fenced}, {"repeated", each.repeated}, {"gaps", each.gaps}, {"live_entities", each.live_entities},
                     {"parked_entities", each.parked_entities}, {"commands_in_flight", each.commands_in_flight},
                     {"pending_effects", each.pending_effects}, {"checkpoint", std::move(checkpoint)}});
  }
  const auto total = items.size();
  return page_document(std::move(items), "", total);
}

task<http_response> admin_api::partitions(http_request& request) {
  co_return co_await show(request, [this]() -> result<document> { return partitions_document(); });
}

task<http_response> admin_api::epochs(http_request& request) {
  std::uint32_t number = 0;
  const auto text = request.path_values.empty() ? std::string_view() : std::string_view(request.path_values.front());
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) co_return refused(request, not_found_error("There is no such partition."));
  const auto size = page_size_of(request);
  if (!size) co_return refused(request, size.error());
  auto cursor = cursor_of(request);
  if (!cursor) co_return refused(request, cursor.error());
  if (auto there = present(operators_.log); !there) co_return refused(request, there.error());
  co_return co_await show(request, [this, number, size = *size, cursor = *cursor] { return operators_.log->epochs({number}, cursor, size); });
}

task<http_response> admin_api::settings(http_request& request) {
  co_return co_await show(request, [this]() -> result<document> {
    auto items = document::array();
    for (const auto& each : operators_.settings ? operators_.settings() : std::vector<setting_view>{})
      items.push_back({{"name", each.name}, {"value", each.secret ? document(nullptr) : document(each.value)},
                       {"default", each.secret ? document(nullptr) : document(each.default_value)}, {"source", each.source}, {"unit", each.unit},
                       {"meaning", each.meaning}, {"secret", each.secret}});
    const auto total = items.size();
    return page_document(std::move(items), "", total);
  });
}

/// One topic's view now. What of it blocks runs on the operators' pool.
task<result<document>> admin_api::topic(std::string name) {
  if (name == "effects") co_return co_await effects_document("", "", operator_limits::page_size);
  co_return co_await ask([this, name]() -> result<document> {
    if (name == "overview") return overview_document(false);
    if (name == "partitions") return partitions_document();
    if (name == "projections") return projections_document();
    auto rebuilds = document::array();
    if (operators_.projections == nullptr) return page_document(std::move(rebuilds), "");
    auto all = operators_.projections->list();
    if (!all) return std::unexpected(all.error());
    for (auto& each : *all)
      if (!each.rebuild.is_null()) rebuilds.push_back(std::move(each.rebuild));
    return page_document(std::move(rebuilds), "");
  });
}

task<result<event_source>> admin_api::live(http_request& request) {
  std::vector<std::string> topics;
  auto text = text_of(request, "topics");
  if (text.empty()) text = "overview";
  for (std::string_view rest = text; !rest.empty();) {
    const auto name = rest.substr(0, rest.find(','));
    static constexpr std::array<std::string_view, 5> known{"overview", "partitions", "projections", "rebuilds", "effects"};
    if (std::ranges::find(known, name) == known.end())
      co_return std::unexpected(validation_error("Topics are overview, partitions, projections, rebuilds, effects.", "topics"));
    if (std::ranges::find(topics, name) == topics.end()) topics.emplace_back(name);
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
  }
  co_return event_source([this, topics]() -> task<result<std::string>> {
    std::string out;
    for (const auto& name : topics) {
      auto view = co_await topic(name);
      // A topic that can't be read now is missing once; the stream goes on.
      if (view) out += "event: " + name + "\ndata: " + view->dump(-1, ' ', false, document::error_handler_t::replace) + "\n\n";
    }
    co_return out;
  });
}

} // namespace reverie::gateway
