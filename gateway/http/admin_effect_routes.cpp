#include "gateway/http/admin_api.hpp"
#include "gateway/http/rest_api.hpp"

#include "gateway/bridge/await_callback.hpp"
#include "gateway/bridge/operator_limits.hpp"

#include <algorithm>
#include <charconv>

namespace reverie::gateway {

namespace {

document effect_document(const actors::effect_status& each, events::timestamp now) {
  const auto age = std::max(0.0, std::chrono::duration<double>(now - each.since).count());
  return {{"id", events::to_string(each.id)}, {"entity", events::to_string(each.entity)}, {"kind", each.kind}, {"partition", each.partition.value},
          {"since", events::format_rfc3339(each.since)}, {"age_s", age}, {"attempts", each.attempts}, {"state", each.failed ? "failed" : "pending"},
          {"problem", each.problem.empty() ? document(nullptr) : document(each.problem)},
          {"cause", {{"entity", events::to_string(each.cause.entity)}, {"sequence", each.cause.sequence.value}}}};
}

/// Where a page of the list ends: the last one's time and id, and how many were handed out before and with it. Of a partition no more than
/// these stand before the next page, so that only so many of it need be asked for.
struct effects_place {
  std::pair<events::timestamp, events::effect_id> last{};
  std::uint64_t handed_out = 0;
};

std::string cursor_text(const effects_place& place) {
  return std::to_string(events::to_milliseconds(place.last.first)) + "." + events::to_string(place.last.second) + "." + std::to_string(place.handed_out);
}

std::optional<effects_place> parse_place(std::string_view text) {
  const auto first = text.find('.'), second = text.rfind('.');
  if (first == std::string_view::npos || first == second) return std::nullopt;
  const auto number = [](std::string_view digits, auto& into) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), into);
    return !digits.empty() && error == std::errc{} && end == digits.data() + digits.size();
  };
  std::int64_t since = 0;
  effects_place place;
  const auto id = events::parse_uuid(text.substr(first + 1, second - first - 1));
  if (!id || !number(text.substr(0, first), since) || !number(text.substr(second + 1), place.handed_out) || place.handed_out > operator_limits::effects_paged) return std::nullopt;
  place.last = {events::from_milliseconds(since), events::effect_id{*id}};
  return place;
}

std::pair<events::timestamp, events::effect_id> order_of(const actors::effect_status& each) { return {each.since, each.id}; }

} // namespace

void admin_api::add_effect_routes(std::vector<route>& routes) {
  add_list(routes, "/effects", "What was asked for and is not done, the oldest first", {"state"}, &admin_api::effects);
  add_action(routes, "/effects/{id}/retry", "Try one again now", &admin_api::retry_effect, 202);
}

/// Of all partitions, the oldest first; `depth` counts all that are pending. What was refused is all there, whatever waits before it. Those of
/// which nobody could be asked are named in `unreachable`: what waits there is not in the list.
task<result<document>> admin_api::effects_document(std::string state, std::string cursor, std::size_t page_size) {
  using answer = events::outcome<std::vector<actors::effect_status>>;
  const auto after = parse_place(cursor);
  if (!cursor.empty() && !after) co_return std::unexpected(validation_error("This cursor does not belong to this list.", "cursor"));
  const std::uint64_t handed_out = after ? after->handed_out : 0;
  const std::size_t pending_max = state == "failed" ? 1 : handed_out + page_size + 1;
  std::vector<actors::effect_status> all;
  std::uint64_t depth = 0, failed = 0;
  double oldest = 0;
  auto unreachable = document::array();
  const auto now = ports_.now();
  for (const auto& partition : ports_.node.status()) {
    depth += partition.pending_effects;
    auto found = co_await await_callback<answer>([this, number = partition.partition, pending_max](std::function<void(answer)> done) {
      ports_.node.effects(number, pending_max, std::move(done));
    });
    if (!found) {
      unreachable.push_back(partition.partition.value);
      continue;
    }
    for (auto& each : *found) {
      if (each.failed) ++failed;
      else oldest = std::max(oldest, std::chrono::duration<double>(now - each.since).count());
      if ((state.empty() || each.failed == (state == "failed")) && (!after || order_of(each) > after->last)) all.push_back(std::move(each));
    }
  }
  const bool more = all.size() > page_size;
  const auto shown = std::min(all.size(), page_size);
  std::ranges::partial_sort(all, all.begin() + static_cast<std::ptrdiff_t>(shown), {}, order_of);
  auto items = document::array();
  for (std::size_t i = 0; i < shown; ++i) items.push_back(effect_document(all[i], now));
  const auto total = state == "failed" ? failed : state == "pending" ? depth : depth + failed;
  auto view = page_document(std::move(items), more ? cursor_text({order_of(all[shown - 1]), handed_out + shown}) : "", total);
  view["depth"] = depth;
  view["failed"] = failed;
  view["oldest_s"] = oldest;
  view["unreachable"] = std::move(unreachable);
  view["alert"] = nullptr;
  if (depth > operator_limits::effects_alert_depth) view["alert"] = std::to_string(depth) + " effects wait";
  else if (oldest > static_cast<double>(operator_limits::effects_alert_age.count())) view["alert"] = "an effect waits for " + std::to_string(static_cast<std::uint64_t>(oldest)) + " s";
  co_return view;
}

task<http_response> admin_api::effects(http_request& request) {
  const auto state = text_of(request, "state");
  if (!state.empty() && state != "pending" && state != "failed") co_return refused(request, validation_error("state is pending or failed.", "state"));
  const auto size = page_size_of(request);
  if (!size) co_return refused(request, size.error());
  const auto cursor = cursor_of(request);
  if (!cursor) co_return refused(request, cursor.error());
  auto view = co_await effects_document(state, *cursor, *size);
  if (!view) co_return refused(request, view.error());
  co_return document_response(200, *view);
}

/// Whose effect it is shows only where it is found. An owner that can't be asked may be the one, and may have done it though it did not say so.
task<result<void>> admin_api::retry_where_it_is(events::effect_id id) {
  std::optional<api_error> unasked;
  for (const auto& partition : ports_.node.status()) {
    auto tried = co_await await_callback<events::outcome<void>>([this, number = partition.partition, id](std::function<void(events::outcome<void>)> done) {
      ports_.node.retry_effect(number, id, std::move(done));
    });
    if (tried) co_return result<void>{};
    if (tried.error().code == events::failure_code::not_found || unasked) continue;
    unasked = unavailable_error("Partition " + std::to_string(partition.partition.value) + " could not be asked. Whether this is tried again is not known.");
  }
  co_return std::unexpected(unasked ? *unasked : not_found_error("There is no such effect."));
}

task<http_response> admin_api::retry_effect(http_request& request) {
  const auto id = path_id(request);
  if (!id) co_return refused(request, not_found_error("There is no such effect."));
  const auto body = action_body_of(request);
  if (!body) co_return refused(request, body.error());
  auto entry = entry_of(request, "effect.retry", events::to_string(*id));
  entry.reason = body->reason;
  entry.outcome = "begun";
  auto kept = co_await ask([this, entry]() -> result<document> {
    if (auto written = write_down(entry); !written) return std::unexpected(written.error());
    return document(nullptr);
  });
  if (!kept) co_return refused(request, kept.error());
  const auto tried = co_await retry_where_it_is(events::effect_id{*id});
  entry = entry_of(request, "effect.retry", events::to_string(*id));
  entry.reason = body->reason;
  entry.outcome = tried ? "done" : "failed";
  if (!tried) entry.detail["why"] = tried.error().message;
  (void)co_await ask([this, entry]() -> result<document> {
    (void)write_down(entry); // that it was begun is on record already
    return document(nullptr);
  });
  if (!tried) co_return refused(request, tried.error());
  co_return document_response(202, {{"id", events::to_string(*id)}, {"state", "pending"}});
}

} // namespace reverie::gateway
