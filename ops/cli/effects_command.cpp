#include "events/model/ids.hpp"
#include "ops/cli/commands.hpp"
#include "ops/cli/effect_list.hpp"
#include "ops/cli/printed_number.hpp"
#include "ops/cli/progress_bar.hpp"
#include "ops/cli/projection_choice.hpp"

#include <cstdio>
#include <format>

namespace reverie::ops {

namespace {

using events::failure_code;
using nlohmann::ordered_json;

constexpr std::size_t effects_listed_max = 1'000, effects_shown_max = 10;

events::outcome<effect_choice> choice_of(const effects_options& how) {
  if (how.id && !events::parse_uuid(*how.id)) return events::fail(failure_code::malformed, "'" + *how.id + "' is no effect's id");
  if (how.entity && !events::parse_entity(*how.entity)) return events::fail(failure_code::malformed, "'" + *how.entity + "' names no entity: session/<id>, bond/<id>, user/<id>, character/<id>");
  return effect_choice{.state = how.action == "retry" ? "failed" : how.state, .id = how.id, .entity = how.entity, .kind = how.kind, .partition = how.partition};
}

/// What is not known of parts of the server is no success: it is said, and answered.
exit_code told_whether_all(const found_effects& found) {
  if (found.unreachable.empty()) return exit_code::done;
  return report({failure_code::unavailable, line_of_unreachable(found.unreachable)});
}

exit_code list(operator_calls& server, const effect_choice& which, bool json) {
  const auto found = find_effects(server, which, effects_listed_max);
  if (!found) return report(found.error());
  if (json) {
    ordered_json all{{"items", found->items}, {"more", found->more}};
    all.update(found->totals);
    all["unreachable"] = found->unreachable;
    std::puts(all.dump(2).c_str());
    return told_whether_all(*found);
  }
  for (const auto& each : found->items) std::puts(line_of_effect(each).c_str());
  std::printf("effects: %zu%s; of all, %llu wait and %llu failed\n", found->items.size(), found->more ? " or more" : "",
              printed(found->totals.value("depth", std::uint64_t{0})), printed(found->totals.value("failed", std::uint64_t{0})));
  if (const auto alert = found->totals.find("alert"); alert != found->totals.end() && alert->is_string()) std::printf("alert: %s\n", alert->get<std::string>().c_str());
  return told_whether_all(*found);
}

void tell(const std::vector<ordered_json>& all) {
  for (std::size_t i = 0; i < std::min(all.size(), effects_shown_max); ++i) std::fprintf(stderr, "%s\n", line_of_effect(all[i]).c_str());
  if (all.size() > effects_shown_max) std::fprintf(stderr, "… and %zu more\n", all.size() - effects_shown_max);
  std::fprintf(stderr, "%zu effects are asked for again\n", all.size());
}

/// Whether all that was meant was asked for again; one that is named and was found needs no other.
exit_code told_whether_retried(const found_effects& found, const effect_choice& which) {
  if (which.id && !found.items.empty()) return exit_code::done;
  if (!found.unreachable.empty()) return told_whether_all(found);
  if (found.more)
    return report({failure_code::outcome_unknown, std::format("only the first {} that failed were looked at: {}", effects_looked_at_max,
                                                              which.id ? "whether " + *which.id + " is behind them is not known" : "run it again for what is behind them")});
  if (which.id) return report({failure_code::not_found, "no effect " + *which.id + " has failed"});
  return exit_code::done;
}

/// What somebody else did meanwhile, or a server that ended knows no more, is gone: no failure among many.
exit_code retry(operator_calls& server, const effect_choice& which, const effects_options& how, bool json, bool yes) {
  const auto found = find_effects(server, which, effects_looked_at_max);
  if (!found) return report(found.error());
  if (which.id && found->items.empty()) return told_whether_retried(*found, which);
  if (!yes && !found->items.empty()) {
    tell(found->items);
    if (!which.id && !is_wanted(yes, "asking again for what failed")) return exit_code::refused;
  }
  std::optional<progress_bar> bar(std::in_place, "retrying", "effects", found->items.size());
  auto retried = ordered_json::array();
  std::uint64_t gone = 0;
  for (const auto& each : found->items) {
    const auto id = each.value("id", std::string());
    const auto done = server.post("/effects/" + id + "/retry", {{"reason", how.reason}});
    if (!done && (done.error().code != failure_code::not_found || which.id)) {
      bar.reset();
      if (!retried.empty()) std::fprintf(stderr, "reverie: %zu were asked for again before it failed\n", retried.size());
      return report(done.error());
    }
    if (done) retried.push_back(id);
    else ++gone;
    bar->advance_to(retried.size() + gone);
  }
  bar.reset();
  if (json) std::puts(ordered_json{{"retried", retried.size()}, {"gone", gone}, {"ids", retried}, {"more", found->more}, {"unreachable", found->unreachable}}.dump().c_str());
  else std::printf("retried: %zu effects, %llu were gone\n", retried.size(), printed(gone));
  return told_whether_retried(*found, which);
}

} // namespace

exit_code run_effects(const settings& given, const effects_options& how, bool json, bool yes) {
  const auto which = choice_of(how);
  if (!which) return report(which.error());
  auto server = operator_calls::to(given, how.server);
  if (!server) return report(server.error());
  return how.action == "list" ? list(*server, *which, json) : retry(*server, *which, how, json, yes);
}

} // namespace reverie::ops
