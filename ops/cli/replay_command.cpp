#include "actors/domain/entity_logic.hpp"
#include "events/replay/entity_history_reader.hpp"
#include "ops/cli/commands.hpp"
#include "ops/cli/log_access.hpp"
#include "ops/cli/record_json.hpp"
#include "ops/cli/shadow_replay.hpp"
#include "ops/cli/verify_log.hpp"
#include "ops/operator/entity_timeline.hpp"
#include "ops/operator/state_diff.hpp"

#include <algorithm>
#include <cstdio>
#include <sstream>

namespace reverie::ops {

namespace {

using nlohmann::ordered_json;

void print(const ordered_json& value) {
  std::puts(value.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
}

/// A JSON array on standard output, an element at a time: an entity may have had a million events.
class printed_array {
public:
  void add(const ordered_json& element) {
    std::fputs(any_ ? "," : "[", stdout);
    std::istringstream lines(element.dump(2, ' ', false, ordered_json::error_handler_t::replace));
    for (std::string line; std::getline(lines, line);) std::printf("\n  %s", line.c_str());
    any_ = true;
  }
  void end() { std::puts(any_ ? "\n]" : "[]"); }

private:
  bool any_ = false;
};

/// The same comparison as the console's.
exit_code print_diff(const log_access& access, const entity_finder::place& of, const replay_options& how) {
  const auto source = timeline_of(*access.log, [&] { return access.opener(); });
  const auto before = fold_entity(source, of, {.sequence = std::min(how.diff[0], how.diff[1]), .time = {}, .before_or_at = {}});
  if (!before) return report(before.error());
  const auto after = fold_entity(source, of, {.sequence = std::max(how.diff[0], how.diff[1]), .time = {}, .before_or_at = {}});
  if (!after) return report(after.error());
  const auto readable = [](const folded_entity& folded) { return gateway::readable_state(ordered_json::parse(folded.logic->state_json(), nullptr, false)); };
  print({{"from", before->sequence.value}, {"to", after->sequence.value}, {"changes", state_diff(readable(*before), readable(*after))}});
  return exit_code::done;
}

exit_code replay_entity(const log_access& access, const replay_options& how) {
  auto entity = events::parse_entity(*how.entity);
  if (!entity || entity->kind == events::entity_kind::partition)
    return report({events::failure_code::malformed, "'" + *how.entity + "' is no entity: use session/<id>, bond/<id>, user/<id>, character/<id>"});
  auto place = find_entity(*access.log, *entity);
  if (!place) return report(place.error());
  if (!*place) { // rightly asked, but there is no such state
    std::fprintf(stderr, "reverie: nothing in the log is about %s\n", how.entity->c_str());
    return exit_code::refused;
  }
  if (how.diff.size() == 2) return print_diff(access, {(*place)->second, (*place)->first}, how);
  std::optional<events::timestamp> until;
  if (how.to_time && !(until = events::parse_rfc3339(*how.to_time))) return report({events::failure_code::malformed, "'" + *how.to_time + "' is no time: use 2026-11-21T10:00:00Z"});
  auto logic = actors::make_entity_logic(entity->kind);
  const bool events_wanted = how.print == "events";
  printed_array listed;
  events::entity_history_reader history(*access.log, (*place)->first, nullptr);
  auto visit = [&](events::recorded_event& each, bool) {
    if (how.to_sequence && each.context.sequence.value > *how.to_sequence) return false;
    if (until && each.context.at > *until) return false;
    if (events_wanted) listed.add(json_of(each));
    else logic->evolve(each.payload, each.context);
    return true;
  };
  if (auto read = history.read((*place)->second, {1}, access.opener(), visit); !read) return report(read.error());
  if (events_wanted) listed.end();
  else print(ordered_json::parse(logic->state_json(), nullptr, false));
  return exit_code::done;
}

} // namespace

exit_code run_replay(const settings& given, const replay_options& how, bool json) {
  auto access = open_log_for_reading(given);
  if (!access) return report(access.error());
  if (how.save_states || how.against) return run_shadow_replay(*access, how, json);
  return how.all ? run_log_verification(*access, how, json) : replay_entity(*access, how);
}

} // namespace reverie::ops
