#include "ops/operator/dead_letter_desk.hpp"
#include "ops/operator/failure_view.hpp"
#include "projections/runner/rule_store.hpp"

/// Rules by which a projection reads an event otherwise than it lies in the log.
namespace reverie::ops {

using gateway::document;
using gateway::privacy_mode;
using gateway::result;

namespace {

constexpr std::size_t rules_on_a_page = 1'000;

document rule_view(const projections::listed_rule& rule) {
  return {{"id", std::to_string(rule.id)}, {"projection", rule.projection}, {"entity", rule.entity.empty() ? document(nullptr) : document(rule.entity)},
          {"type", rule.type}, {"version", rule.version}, {"from_sequence", rule.from_sequence},
          {"to_sequence", rule.to_sequence ? document(*rule.to_sequence) : document(nullptr)}, {"operations", rule.operations}, {"reason", rule.reason},
          {"author", rule.author}, {"created_at", events::format_rfc3339(rule.created_at)},
          {"retired_at", rule.retired_at ? document(events::format_rfc3339(*rule.retired_at)) : document(nullptr)},
          {"retire_reason", rule.retired_at ? document(rule.retire_reason) : document(nullptr)}};
}

/// An event's data under a mode: what the type does not know may be personal as well.
document data_view(const std::string& type, projections::patch_json data, privacy_mode privacy) {
  if (!data.is_object()) return nullptr;
  for (auto& [field, value] : data.items())
    if (projections::may_be_personal(type, field)) value = gateway::personal_value(std::move(value), privacy);
  return data;
}

projections::rule_wish wish_for(std::int64_t letter, const gateway::event_rule_wish& wish) {
  using scope = projections::rule_scope;
  return {.letter = letter, .operations = wish.operations, .scope = wish.scope == "type" ? scope::type : wish.scope == "entity" ? scope::entity : scope::event, .author = wish.author, .reason = wish.reason};
}

std::string confirm_text(std::int64_t letter) { return "rule " + std::to_string(letter); }

} // namespace

result<document> dead_letter_desk::rule_preview(std::int64_t id, const gateway::event_rule_wish& wish, privacy_mode privacy) {
  auto tried = projections::try_rule(source_, wish_for(id, wish));
  if (!tried) return std::unexpected(operator_error(tried.error()));
  return document{{"event", {{"sequence", tried->sequence.value}, {"type", tried->type}, {"version", tried->version}}},
                  {"before", data_view(tried->type, std::move(tried->before), privacy)},
                  {"after", data_view(tried->type, std::move(tried->after), privacy)},
                  {"accepted", tried->accepted},
                  {"problem", tried->problem.empty() ? document(nullptr) : document(tried->problem)},
                  {"folded", tried->retried.retried},
                  {"still_parked", tried->retried.left},
                  {"projections", tried->projections},
                  {"needs_rebuild", wish.scope == "type"},
                  {"confirm", confirm_text(id)},
                  {"touches", document::array({{{"what", "projections that read by the rule"}, {"count", tried->projections.size()}},
                                               {{"what", "events that would be folded"}, {"count", tried->retried.retried}}})}};
}

result<document> dead_letter_desk::keep_rule(std::int64_t id, const gateway::event_rule_wish& wish) {
  const auto kept = projections::keep_rule(source_, wish_for(id, wish));
  if (!kept) return std::unexpected(operator_error(kept.error()));
  auto database = pool_.borrow();
  if (!database) return std::unexpected(operator_error(database.error()));
  auto made = document::array();
  for (const auto each : kept->rules) {
    const auto found = projections::list_rules(**database, {.projection = {}, .entity = {}, .id = each}, 1);
    if (!found) return std::unexpected(operator_error(found.error()));
    for (const auto& one : *found) made.push_back(rule_view(one));
  }
  document first = made.empty() ? document(nullptr) : made.front();
  return document{{"rule", std::move(first)}, {"rules", std::move(made)}, {"folded", kept->retried.retried}, {"still_parked", kept->retried.left},
                  {"needs_rebuild", wish.scope == "type"}, {"problem", kept->retried.problems.empty() ? document(nullptr) : document(kept->retried.problems.front())}};
}

result<document> dead_letter_desk::rules(const gateway::letter_query& query) {
  auto database = pool_.borrow();
  if (!database) return std::unexpected(operator_error(database.error()));
  const auto found = projections::list_rules(**database, {.projection = query.projection, .entity = query.entity, .id = {}}, rules_on_a_page);
  if (!found) return std::unexpected(operator_error(found.error()));
  auto items = document::array();
  for (const auto& each : *found) items.push_back(rule_view(each));
  const auto total = items.size();
  return document{{"items", std::move(items)}, {"next_cursor", nullptr}, {"has_more", false}, {"total", total}};
}

result<document> dead_letter_desk::retire_rule_impact(std::int64_t rule) {
  auto database = pool_.borrow();
  if (!database) return std::unexpected(operator_error(database.error()));
  const auto found = projections::list_rules(**database, {.projection = {}, .entity = {}, .id = rule}, 1);
  if (!found) return std::unexpected(operator_error(found.error()));
  if (found->empty()) return std::unexpected(gateway::not_found_error("There is no such rule."));
  if (found->front().retired_at) return std::unexpected(gateway::api_error{409, "conflict", "This rule is retired already."});
  return document{{"title", "Retire rule " + std::to_string(rule) + " of " + found->front().projection}, {"touches", document::array({{{"what", "rules that end"}, {"count", 1}}})},
                  {"confirm", "retire rule " + std::to_string(rule)}, {"reversible", false},
                  {"warning", "Rows that were folded by it stay as they are; the next rebuild reads without it, and its events may be parked again then."}};
}

result<document> dead_letter_desk::retire_rule(std::int64_t rule, const std::string& reason) {
  auto database = pool_.borrow();
  if (!database) return std::unexpected(operator_error(database.error()));
  if (auto done = projections::retire_rule(**database, rule, reason); !done) return std::unexpected(operator_error(done.error()));
  const auto found = projections::list_rules(**database, {.projection = {}, .entity = {}, .id = rule}, 1);
  if (!found) return std::unexpected(operator_error(found.error()));
  return rule_view(found->front());
}

} // namespace reverie::ops
