#include "ops/cli/rule_edit.hpp"

#include "events/model/time.hpp"
#include "ops/cli/operator_trail.hpp"
#include "ops/cli/projection_choice.hpp"
#include "projections/runner/rule_store.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

namespace reverie::ops {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t rules_listed = 1'000;

events::outcome<ordered_json> read_operations(const std::string& file) {
  std::string text;
  if (file == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    std::ifstream in(file, std::ios::binary);
    if (!in) return events::fail(events::failure_code::malformed, "can't read the rule's file " + file);
    text.assign(std::istreambuf_iterator<char>(in), {});
  }
  auto operations = ordered_json::parse(text, nullptr, false);
  if (operations.is_discarded()) return events::fail(events::failure_code::malformed, "the rule is no JSON");
  return operations;
}

projections::rule_scope scope_of(const std::string& name) {
  using scope = projections::rule_scope;
  return name == "type" ? scope::type : name == "entity" ? scope::entity : scope::event;
}

ordered_json trial_json(const projections::rule_trial& trial, bool kept) {
  return {{"event", {{"sequence", trial.sequence.value}, {"type", trial.type}, {"version", trial.version}}}, {"before", trial.before}, {"after", trial.after},
          {"accepted", trial.accepted}, {"problem", trial.problem}, {"projections", trial.projections}, {"kept", kept},
          {"rules", kept ? ordered_json(trial.rules) : ordered_json::array()}, {"folded", trial.retried.retried}, {"left", trial.retried.left}};
}

void print_trial(const projections::rule_trial& trial) {
  std::printf("%s version %u, sequence %llu\n  before: %s\n  after:  %s\n", trial.type.c_str(), trial.version, static_cast<unsigned long long>(trial.sequence.value),
              trial.before.dump().c_str(), trial.after.dump().c_str());
  if (trial.accepted) std::printf("fits: %llu events would be folded, %llu left\n", static_cast<unsigned long long>(trial.retried.retried), static_cast<unsigned long long>(trial.retried.left));
  else std::printf("does not fit: %s\n", trial.problem.c_str());
}

} // namespace

exit_code edit_letter(const settings& given, const letters_options& how, bool json, bool yes) {
  const auto operations = read_operations(how.rule.value_or("-"));
  if (!operations) return report(operations.error());
  auto access = open_log_and_database(given);
  if (!access) return report(access.error());
  const projections::bulk_source source{given.text("database-url"), *access->log, *access->vault->keys};
  const projections::rule_wish wish{.letter = *how.id, .operations = *operations, .scope = scope_of(how.scope),
                                    .author = operator_of_process(), .reason = how.reason.value_or("")};
  const auto tried = projections::try_rule(source, wish);
  if (!tried) return report(tried.error());
  if (how.dry_run || !tried->accepted) {
    if (json) std::puts(trial_json(*tried, false).dump(2).c_str());
    else print_trial(*tried);
    return tried->accepted ? exit_code::done : exit_code::differences;
  }
  if (!json) print_trial(*tried);
  if (!is_wanted(yes, "a rule is retired, never taken back: folding by it")) return exit_code::refused;
  const cli_change change{.action = "dead_letter.rule", .subject = std::to_string(*how.id), .reason = wish.reason, .detail = {{"scope", how.scope}}};
  const auto kept = on_record(given, change, [&] { return projections::keep_rule(source, wish); });
  if (!kept) return report(kept.error());
  if (json) std::puts(trial_json(*kept, true).dump(2).c_str());
  else std::printf("kept: folded %llu events, %llu left%s\n", static_cast<unsigned long long>(kept->retried.retried), static_cast<unsigned long long>(kept->retried.left),
                   wish.scope == projections::rule_scope::type ? "; rebuild the projections for what was folded before" : "");
  return exit_code::done;
}

exit_code list_rules(projections::connection& database, const letters_options& how, bool json) {
  const auto found = projections::list_rules(database, {.projection = how.projection.value_or(""), .entity = how.entity.value_or(""), .id = how.id}, rules_listed);
  if (!found) return report(found.error());
  auto all = ordered_json::array();
  for (const auto& each : *found)
    all.push_back({{"id", each.id}, {"projection", each.projection}, {"entity", each.entity.empty() ? ordered_json() : ordered_json(each.entity)}, {"type", each.type},
                   {"version", each.version}, {"from_sequence", each.from_sequence}, {"to_sequence", each.to_sequence ? ordered_json(*each.to_sequence) : ordered_json()}, {"operations", each.operations}, {"reason", each.reason}, {"author", each.author},
                   {"created_at", events::format_rfc3339(each.created_at)},
                   {"retired_at", each.retired_at ? ordered_json(events::format_rfc3339(*each.retired_at)) : ordered_json()}, {"retire_reason", each.retire_reason}});
  if (json) std::puts(all.dump(2).c_str());
  else {
    for (const auto& each : all) std::puts(each.dump().c_str());
    std::printf("rules: %zu\n", all.size());
  }
  return exit_code::done;
}

} // namespace reverie::ops
