#include "events/model/time.hpp"
#include "ops/cli/commands.hpp"
#include "ops/cli/impact_preview.hpp"
#include "ops/cli/operator_trail.hpp"
#include "ops/cli/projection_choice.hpp"
#include "ops/cli/rule_edit.hpp"
#include "ops/cli/printed_number.hpp"
#include "projections/postgres/projection_versions.hpp"
#include "projections/runner/dead_letters.hpp"
#include "projections/runner/rule_store.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace reverie::ops {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t listed_max = 1'000;

events::outcome<projections::letter_choice> choice_of(const letters_options& how) {
  projections::letter_choice which{.projection = how.projection, .entity = std::nullopt, .id = how.id, .state = how.state == "any" ? "" : how.state,
                                   .version = how.version};
  if (how.entity) {
    which.entity = events::parse_entity(*how.entity);
    if (!which.entity) return events::fail(events::failure_code::malformed, "'" + *how.entity + "' names no entity: session/<id>, bond/<id>, user/<id>, character/<id>");
  }
  if (how.projection && projections::find_fold(*how.projection) == nullptr)
    return events::fail(events::failure_code::malformed, "there is no projection '" + *how.projection + "'");
  return which;
}

ordered_json letter_json(const projections::dead_letter_row& each) {
  return {{"id", each.id}, {"projection", each.projection}, {"version", each.version}, {"entity", events::to_string(each.entity)}, {"position", events::to_string(each.position)},
          {"sequence", each.sequence.value}, {"code", each.code}, {"message", each.message}, {"state", each.state}, {"attempts", each.attempts},
          {"reason", each.reason}, {"created_at", events::format_rfc3339(each.created_at)}};
}

exit_code list(projections::connection& database, const projections::letter_choice& which, bool json) {
  if (which.version) {
    const auto catalogue = projections::read_catalogue(database);
    if (!catalogue) return report(catalogue.error());
    if (std::ranges::none_of(catalogue->versions, [&](const auto& each) { return each.projection == *which.projection && each.number == *which.version; }))
      return report({events::failure_code::not_found, "there is no version " + std::to_string(*which.version) + " of " + *which.projection});
  }
  const auto found = projections::list_letters(database, which, listed_max);
  if (!found) return report(found.error());
  auto all = ordered_json::array();
  for (const auto& each : *found) {
    if (json) all.push_back(letter_json(each));
    else std::printf("%lld  %s  %s  %s  sequence %llu  %s: %s  (%s, tried %lld times)\n", static_cast<long long>(each.id), each.projection.c_str(),
                     events::to_string(each.entity).c_str(), events::to_string(each.position).c_str(), printed(each.sequence.value),
                     each.code.c_str(), each.message.c_str(), each.state.c_str(), static_cast<long long>(each.attempts));
  }
  if (json) std::puts(all.dump(2).c_str());
  else std::printf("dead letters: %zu%s\n", found->size(), found->size() == listed_max ? " or more" : "");
  return exit_code::done;
}

cli_change change_of(const letters_options& how, std::string action) {
  cli_change change{.action = std::move(action), .subject = how.id ? std::to_string(*how.id) : "dead letters", .reason = how.reason.value_or("")};
  if (how.projection) change.detail["projection"] = *how.projection;
  if (how.entity) change.detail["entity"] = *how.entity;
  return change;
}

exit_code retry(const settings& given, const projections::letter_choice& which, const letters_options& how, bool json) {
  auto access = open_log_and_database(given);
  if (!access) return report(access.error());
  const projections::bulk_source source{given.text("database-url"), *access->log, *access->vault->keys};
  std::optional<waiting_note> note;
  if (how.dry_run) note.emplace("trying dead letters");
  std::optional<progress_bar> bar;
  const auto folded = [&](std::uint64_t events, std::uint64_t of) {
    if (!bar) bar.emplace("retrying dead letters", "events", of);
    bar->advance_to(events);
  };
  const auto done = how.dry_run ? projections::try_letters(source, which)
                                : on_record(given, change_of(how, "dead_letter.retry"), [&] { return projections::retry_letters(source, which, folded); });
  note.reset();
  bar.reset();
  if (!done) return report(done.error());
  if (json) std::puts(ordered_json{{"retried", done->retried}, {"left", done->left}, {"problems", done->problems}}.dump().c_str());
  else {
    for (const auto& each : done->problems) std::printf("failed again: %s\n", each.c_str());
    std::printf(how.dry_run ? "would be retried: %llu events, %llu left\n" : "retried: %llu events, %llu left\n", printed(done->retried), printed(done->left));
  }
  return done->problems.empty() ? exit_code::done : exit_code::differences;
}

exit_code retire(const settings& given, projections::connection& database, const letters_options& how, bool json, bool yes) {
  if (!yes)
    if (auto told = tell_rule(database, *how.id); !told) return report(told.error());
  if (!is_wanted(yes, "retiring a rule")) return exit_code::refused;
  const auto done = on_record(given, change_of(how, "event_rule.retire"), [&] { return projections::retire_rule(database, *how.id, how.reason.value_or("")); });
  if (!done) return report(done.error());
  std::puts(json ? R"({"retired":true})" : "retired: rows stay as they are until a rebuild");
  return exit_code::done;
}

exit_code discard(const settings& given, projections::connection& database, const projections::letter_choice& which, const letters_options& how, bool json, bool yes) {
  if (!yes)
    if (auto told = tell_letters(database, which); !told) return report(told.error());
  if (!is_wanted(yes, "discarding events")) return exit_code::refused;
  const auto gone = on_record(given, change_of(how, "dead_letter.discard"), [&] { return projections::discard_letters(database, which, how.reason.value_or("")); });
  if (!gone) return report(gone.error());
  if (json) std::puts(ordered_json{{"discarded", *gone}}.dump().c_str());
  else std::printf("discarded: %llu events\n", printed(*gone));
  return exit_code::done;
}

} // namespace

exit_code run_letters(const settings& given, const letters_options& how, bool json, bool yes) {
  const auto which = choice_of(how);
  if (!which) return report(which.error());
  if (how.action == "retry") return retry(given, *which, how, json);
  if (how.action == "edit") return edit_letter(given, how, json, yes);
  auto database = open_database(given);
  if (!database) return report(database.error());
  if (how.action == "rules") return list_rules(*database, how, json);
  if (how.action == "retire-rule") return retire(given, *database, how, json, yes);
  return how.action == "list" ? list(*database, *which, json) : discard(given, *database, *which, how, json, yes);
}

} // namespace reverie::ops
