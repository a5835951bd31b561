#include "gateway/http/admin_api.hpp"
#include "gateway/http/rest_api.hpp"

#include <charconv>

namespace reverie::gateway {

namespace {

std::optional<std::int64_t> rule_number(const http_request& request) {
  std::int64_t id = 0;
  const std::string_view text = request.path_values.empty() ? std::string_view() : std::string_view(request.path_values.front());
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || id < 0) return std::nullopt;
  return id;
}

result<event_rule_wish> rule_wish_of(const action_body& body) {
  event_rule_wish wish{.reason = body.reason};
  const auto operations = body.fields.find("operations");
  if (operations == body.fields.end() || !operations->is_array()) return std::unexpected(validation_error("operations is a list of set, rename and remove.", "operations"));
  wish.operations = *operations;
  if (const auto scope = body.fields.find("scope"); scope != body.fields.end() && !scope->is_null()) {
    if (*scope != "event" && *scope != "entity" && *scope != "type") return std::unexpected(validation_error("scope is event, entity or type.", "scope"));
    wish.scope = scope->get<std::string>();
  }
  return wish;
}

/// What of a rule may be on record: its operations without the values, which may be what a person wrote.
document rule_detail(const event_rule_wish& wish) {
  auto operations = document::array();
  for (const auto& each : wish.operations) {
    if (!each.is_object()) continue;
    document one = document::object();
    for (const char* name : {"op", "path", "to"})
      if (const auto found = each.find(name); found != each.end() && found->is_string() && found->get_ref<const std::string&>().size() <= 200) one[name] = *found;
    operations.push_back(std::move(one));
  }
  return {{"operations", std::move(operations)}, {"scope", wish.scope}};
}

} // namespace

void admin_api::add_rule_routes(std::vector<route>& routes) {
  add(routes, {.method = "POST", .pattern = "/dead-letters/{id}/rule/preview", .summary = "What a rule would make of the event, and whether it fits then", .request_schema = "OperatorAction",
               .response_schema = "OperatorView", .query = {"privacy", "reason"}, .body_types = {"application/json"}, .body_max = 128 * 1024}, &admin_api::preview_rule);
  add(routes, {.method = "POST", .pattern = "/dead-letters/{id}/rule", .summary = "Read the event by a rule and fold it again [confirm, reason]", .request_schema = "OperatorAction",
               .response_schema = "OperatorView", .body_types = {"application/json"}, .body_max = 128 * 1024}, &admin_api::keep_rule);
  add_read(routes, "/event-rules", "Rules by which projections read events", {"projection", "entity"}, &admin_api::event_rules);
  add_action(routes, "/event-rules/{id}/retire", "End a rule [confirm, reason]", &admin_api::retire_rule);
  add_read(routes, "/event-rules/{id}/retire/impact", "What it would touch", {}, &admin_api::retire_impact);
}

task<http_response> admin_api::preview_rule(http_request& request) {
  if (auto there = present(operators_.letters); !there) co_return refused(request, there.error());
  const auto id = rule_number(request);
  if (!id) co_return refused(request, not_found_error("There is no such dead letter."));
  const auto body = action_body_of(request);
  if (!body) co_return refused(request, body.error());
  const auto wish = rule_wish_of(*body);
  if (!wish) co_return refused(request, wish.error());
  co_return co_await show_personal(request, "dead_letter.rule_preview", std::to_string(*id),
                                   [this, id = *id, wish = *wish](privacy_mode privacy) { return operators_.letters->rule_preview(id, wish, privacy); });
}

task<http_response> admin_api::keep_rule(http_request& request) {
  if (auto there = present(operators_.letters); !there) co_return refused(request, there.error());
  const auto id = rule_number(request);
  if (!id) co_return refused(request, not_found_error("There is no such dead letter."));
  const auto body = action_body_of(request);
  if (!body) co_return refused(request, body.error());
  auto wish = rule_wish_of(*body);
  if (!wish) co_return refused(request, wish.error());
  intent what{.action = "dead_letter.rule", .subject = std::to_string(*id), .detail = rule_detail(*wish),
              .impact = [this, id = *id, wish = *wish] { return operators_.letters->rule_preview(id, wish, privacy_mode::none); }, .needs_reason = true};
  co_return co_await act(request, std::move(what), [this, id = *id, wish = *wish, actor = request.who.user](const action_body&) mutable {
    wish.author = email_of(actor);
    return operators_.letters->keep_rule(id, wish);
  });
}

task<http_response> admin_api::event_rules(http_request& request) {
  if (auto there = present(operators_.letters); !there) co_return refused(request, there.error());
  letter_query query{.projection = text_of(request, "projection"), .state = {}, .entity = text_of(request, "entity"), .cursor = {}};
  co_return co_await show(request, [this, query = std::move(query)] { return operators_.letters->rules(query); });
}

task<http_response> admin_api::retire_rule(http_request& request) {
  if (auto there = present(operators_.letters); !there) co_return refused(request, there.error());
  const auto id = rule_number(request);
  if (!id) co_return refused(request, not_found_error("There is no such rule."));
  intent what{.action = "event_rule.retire", .subject = std::to_string(*id), .impact = [this, id = *id] { return operators_.letters->retire_rule_impact(id); }, .needs_reason = true};
  co_return co_await act(request, std::move(what), [this, id = *id](const action_body& body) { return operators_.letters->retire_rule(id, body.reason); });
}

task<http_response> admin_api::retire_impact(http_request& request) {
  if (auto there = present(operators_.letters); !there) co_return refused(request, there.error());
  const auto id = rule_number(request);
  if (!id) co_return refused(request, not_found_error("There is no such rule."));
  co_return co_await show(request, [this, id = *id] { return operators_.letters->retire_rule_impact(id); });
}

} // namespace reverie::gateway
