#include "gateway/http/admin_api.hpp"
#include "gateway/http/rest_api.hpp"

#include "gateway/bridge/await_callback.hpp"
#include "gateway/bridge/operator_limits.hpp"

#include <algorithm>

namespace reverie::gateway {

namespace {

document effect_document(const actors::effect_status& each, events::timestamp now) {
  const auto age = std::max(0.0, std::chrono::duration<double>(now - each.since).count());
  return {{"id", events::to_string(each.id)}, {"entity", events::to_string(each.entity)}, {"kind", each.kind}, {"partition", each.partition.value},
          {"since", events::format_rfc3339(each.since)}, {"age_s", age}, {"attempts", each.attempts}, {"state", each.failed ? "failed" : "pending"},
          {"problem", each.problem.empty() ? document(nullptr) : document(each.problem)},
          {"cause", {{"entity", events::to_string(each.cause.entity)}, {"sequence", each.cause.sequence.value}}}};
}

} // namespace

void admin_api::add_effect_routes(std::vector<route>& routes) {
  add_list(routes, "/effects", "What was asked for and is not done, the oldest first", {"state"}, &admin_api::effects);
  add_action(routes, "/effects/{id}/retry", "Try one again now", &admin_api::retry_effect, 202);
}

/// Of all partitions of this node, the oldest first; `depth` counts all that are pending.
task<result<document>> admin_api::effects_document(std::string state) {
  using answer = events::outcome<std::vector<actors::effect_status>>;
  std::vector<actors::effect_status> all;
  std::uint64_t depth = 0;
  for (const auto& partition : ports_.node.status()) {
    depth += partition.pending_effects;
    auto found = co_await await_callback<answer>([this, number = partition.partition](std::function<void(answer)> done) {
      ports_.node.effects(number, operator_limits::effects_listed, std::move(done));
    });
    if (!found) continue; // another node's, or on its way
    std::ranges::move(*found, std::back_inserter(all));
  }
  if (!state.empty()) std::erase_if(all, [&](const auto& each) { return each.failed != (state == "failed"); });
  std::ranges::sort(all, {}, &actors::effect_status::since);
  const auto now = ports_.now();
  double oldest = 0;
  auto items = document::array();
  for (const auto& each : all) {
    if (!each.failed) oldest = std::max(oldest, std::chrono::duration<double>(now - each.since).count());
    if (items.size() < operator_limits::page_size) items.push_back(effect_document(each, now));
  }
  auto view = page_document(std::move(items), "", all.size());
  view["depth"] = depth;
  view["oldest_s"] = oldest;
  view["alert"] = nullptr;
  if (depth > operator_limits::effects_alert_depth) view["alert"] = std::to_string(depth) + " effects wait";
  else if (oldest > static_cast<double>(operator_limits::effects_alert_age.count())) view["alert"] = "an effect waits for " + std::to_string(static_cast<std::uint64_t>(oldest)) + " s";
  co_return view;
}

task<http_response> admin_api::effects(http_request& request) {
  const auto state = text_of(request, "state");
  if (!state.empty() && state != "pending" && state != "failed") co_return refused(request, validation_error("state is pending or failed.", "state"));
  auto view = co_await effects_document(state);
  if (!view) co_return refused(request, view.error());
  co_return document_response(200, *view);
}

task<http_response> admin_api::retry_effect(http_request& request) {
  const auto id = path_id(request);
  if (!id) co_return refused(request, not_found_error("There is no such effect."));
  auto entry = entry_of(request, "effect.retry", events::to_string(*id));
  entry.outcome = "begun";
  auto kept = co_await ask([this, entry]() -> result<document> {
    if (auto written = write_down(entry); !written) return std::unexpected(written.error());
    return document(nullptr);
  });
  if (!kept) co_return refused(request, kept.error());
  bool found = false;
  for (const auto& partition : ports_.node.status()) {
    if (found) break;
    auto tried = co_await await_callback<events::outcome<void>>([this, number = partition.partition, id = events::effect_id{*id}](std::function<void(events::outcome<void>)> done) {
      ports_.node.retry_effect(number, id, std::move(done));
    });
    found = tried.has_value();
  }
  entry.id = {};
  entry = entry_of(request, "effect.retry", events::to_string(*id));
  entry.outcome = found ? "done" : "failed";
  (void)co_await ask([this, entry]() -> result<document> {
    (void)write_down(entry); // that it was begun is on record already
    return document(nullptr);
  });
  if (!found) co_return refused(request, not_found_error("There is no such effect."));
  co_return document_response(202, {{"id", events::to_string(*id)}, {"state", "pending"}});
}

} // namespace reverie::gateway
