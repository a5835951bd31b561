#include "actors/domain/entity_logic.hpp"
#include "actors/runtime/state_verifier.hpp"
#include "events/replay/entity_history_reader.hpp"
#include "events/replay/log_replay.hpp"
#include "events/rocksdb/rocksdb_state_factory.hpp"
#include "ops/cli/commands.hpp"
#include "ops/cli/log_access.hpp"
#include "ops/cli/progress_bar.hpp"
#include "ops/cli/record_json.hpp"
#include "ops/cli/shadow_replay.hpp"
#include "ops/operator/entity_timeline.hpp"
#include "ops/operator/state_diff.hpp"

#include <algorithm>
#include <cstdio>
#include <mutex>

namespace reverie::ops {

namespace {

using actors::runtime::state_verifier;
using nlohmann::ordered_json;

void print(const ordered_json& value) {
  std::puts(value.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
}

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
  auto listed = ordered_json::array();
  events::entity_history_reader history(*access.log, (*place)->first, nullptr);
  auto visit = [&](events::recorded_event& each, bool) {
    if (how.to_sequence && each.context.sequence.value > *how.to_sequence) return false;
    if (until && each.context.at > *until) return false;
    if (how.print == "events") listed.push_back(json_of(each));
    else logic->evolve(each.payload, each.context);
    return true;
  };
  if (auto read = history.read((*place)->second, {1}, access.opener(), visit); !read) return report(read.error());
  print(how.print == "events" ? listed : ordered_json::parse(logic->state_json(), nullptr, false));
  return exit_code::done;
}

/// The stored states, unless a server holds them.
std::unique_ptr<events::rocksdb_state_factory> stored_states(const std::filesystem::path& folder) {
  std::error_code ignored;
  if (!std::filesystem::exists(folder, ignored)) return nullptr;
  auto opened = events::rocksdb_state_factory::open_folder(folder);
  if (opened) return std::move(*opened);
  std::fprintf(stderr, "reverie: stored states are not compared (%s); chains and folds are\n",
               opened.error().code == events::failure_code::locked ? "a server holds them" : opened.error().message.c_str());
  return nullptr;
}

/// Shows the sum over all partitions, whichever thread reports.
class shared_progress {
public:
  shared_progress(std::uint64_t total, std::size_t partitions) : bar_("replay", "records", total), done_(partitions, 0) {}
  void operator()(const events::replay_progress& progress) {
    std::lock_guard lock(mutex_);
    sum_ += progress.records - done_[progress.partition.value];
    done_[progress.partition.value] = progress.records;
    bar_.advance_to(sum_);
  }

private:
  std::mutex mutex_;
  progress_bar bar_;
  std::vector<std::uint64_t> done_;
  std::uint64_t sum_ = 0;
};

events::outcome<std::uint64_t> total_records(events::event_log& log) {
  std::uint64_t total = 0;
  for (std::uint32_t number = 0; number < log.partitions(); ++number) {
    auto range = log.range({number});
    if (!range) return std::unexpected(range.error());
    total += range->end.value - range->first.value;
  }
  return total;
}

exit_code verify_all(const log_access& access, const replay_options& how, bool json) {
  auto total = total_records(*access.log);
  if (!total) return report(total.error());
  auto states = stored_states(access.state);
  std::vector<std::unique_ptr<state_verifier>> verifiers;
  std::vector<std::shared_ptr<events::state_store>> open_states;
  for (std::uint32_t number = 0; number < access.log->partitions(); ++number) {
    verifiers.push_back(std::make_unique<state_verifier>());
    if (!states) continue;
    auto state = states->open({number});
    if (!state) return report(state.error());
    if (auto expected = verifiers.back()->expect(state->get()); !expected) return report(expected.error());
    open_states.push_back(std::move(*state));
  }
  auto progress = std::make_shared<shared_progress>(*total, access.log->partitions());
  events::replay_options options;
  options.make_opener = [&] { return access.opener(); };
  options.on_progress = [progress](const events::replay_progress& each) { (*progress)(each); };
  auto result = events::replay_log(*access.log, options, how.threads,
                                   [&](events::partition_number number) { return verifiers[number.value].get(); });
  options = {};
  progress.reset();
  if (!result) return report(result.error());
  auto differences = result->differences;
  auto first = result->first_difference;
  for (auto& verifier : verifiers) {
    differences += verifier->finish();
    if (!first) first = verifier->first_difference();
  }
  if (first) std::fprintf(stderr, "first difference: %s\n", events::to_string(*first).c_str());
  if (json)
    print({{"records", result->records}, {"entities", result->entities}, {"events", result->events}, {"fenced", result->fenced},
           {"repeated", result->repeated}, {"redacted", result->redacted}, {"differences", differences},
           {"first_difference", first ? ordered_json(events::to_string(*first)) : ordered_json()}});
  std::printf("verified: %llu records, %llu entities, %llu differences\n", static_cast<unsigned long long>(result->records),
              static_cast<unsigned long long>(result->entities), static_cast<unsigned long long>(differences));
  return differences == 0 ? exit_code::done : exit_code::differences;
}

} // namespace

exit_code run_replay(const settings& given, const replay_options& how, bool json) {
  auto access = open_log_for_reading(given);
  if (!access) return report(access.error());
  if (how.save_states || how.against) return run_shadow_replay(*access, how, json);
  return how.all ? verify_all(*access, how, json) : replay_entity(*access, how);
}

} // namespace reverie::ops
