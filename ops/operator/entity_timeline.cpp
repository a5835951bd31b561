#include "ops/operator/entity_timeline.hpp"

#include "events/model/limits.hpp"
#include "events/replay/entity_history_reader.hpp"
#include "ops/operator/entity_history.hpp"
#include "ops/operator/folded_states.hpp"

#include <algorithm>

namespace reverie::ops {

using events::fail;
using events::failure_code;
using events::outcome;

namespace {

constexpr std::uint64_t rest_is_worth = 256; ///< events: who folded fewer may do it again

bool is_within(const fold_until& until, const actors::entity_update& record, const events::recorded_event& each) {
  if (until.sequence && each.context.sequence.value > *until.sequence) return false;
  if (until.time && each.context.at > *until.time) return false;
  return !until.before_or_at || record.position.offset <= until.before_or_at->offset;
}

/// One fold on its way.
struct folding {
  const entity_finder::place& of;
  const fold_until& until;
  folded_states* kept;
  folded_entity folded;
  std::uint64_t began = 0, due = 0;
  bool whole_record = true;

  /// False: what follows is not wanted.
  bool take(const actors::entity_update& record) {
    for (const auto& each : record.happened) {
      if (each.context.sequence <= folded.sequence) continue; // of the record in which it begins
      folded.last_sequence = each.context.sequence;
      if (!is_within(until, record, each)) {
        whole_record = folded.position != record.position;
        return false;
      }
      folded.logic->evolve(each.payload, each.context);
      folded.sequence = each.context.sequence;
      folded.position = record.position;
      folded.at = each.context.at;
      folded.latest_at = std::max(folded.latest_at, folded.at);
    }
    if (kept != nullptr && folded.sequence.value >= due) keep(folded_states::why::on_the_way);
    return !until.sequence || folded.sequence.value < *until.sequence;
  }
  void keep(folded_states::why reason) {
    due = kept->keep(of.address, folded, reason);
    began = folded.sequence.value;
  }
  void rest(folded_states::why reason, std::uint64_t events_min) {
    if (kept != nullptr && whole_record && folded.sequence.value >= began + events_min) keep(reason);
  }
};

} // namespace

timeline_source timeline_of(actors::actor_node& node, std::shared_ptr<reading_gate::call> call) {
  return [&node, call = std::move(call)](const entity_finder::place& of, events::sequence_number from, const timeline_visitor& visit) -> outcome<void> {
    entity_history history(node, of.address);
    std::optional<events::entity_position> after;
    if (from.value > 1) after = events::entity_position{{}, {from.value - 1}};
    for (;;) {
      const auto page = history.page(after, events::limits::history_page_updates, call->left());
      if (!page) return std::unexpected(page.error());
      for (const auto& each : *page)
        if (!visit(*each)) return {};
      if (page->empty()) return {};
      if (auto on = call->took(page->size()); !on) return on;
      after = entity_history::behind(*page->back());
    }
  };
}

timeline_source timeline_of(events::event_log& log, const std::function<events::field_opener()>& make_opener) {
  return [&log, make_opener](const entity_finder::place& of, events::sequence_number from, const timeline_visitor& visit) -> outcome<void> {
    events::entity_history_reader history(log, of.partition, nullptr);
    actors::entity_update record;
    bool wanted = true;
    const auto read = history.read(of.address, from, make_opener(), [&](events::recorded_event& each, bool) {
      if (!record.happened.empty() && each.context.position != record.position) {
        wanted = visit(record);
        record.happened.clear();
      }
      record.entity = of.address;
      record.position = each.context.position;
      record.happened.push_back(std::move(each));
      return wanted;
    });
    if (read && wanted && !record.happened.empty()) visit(record);
    return read;
  };
}

outcome<folded_entity> fold_entity(const timeline_source& source, const entity_finder::place& of, const fold_until& until, folded_states* kept) {
  folding now{.of = of, .until = until, .kept = kept, .folded = {}};
  if (auto near = kept != nullptr ? kept->nearest(of.address, until) : std::nullopt) now.folded = std::move(*near);
  else now.folded.logic = actors::make_entity_logic(of.address.entity.kind);
  now.began = now.folded.sequence.value;
  if (kept != nullptr) now.due = kept->due_after(of.address, now.folded.sequence);
  if (until.sequence && now.folded.sequence.value == *until.sequence && *until.sequence > 0) return std::move(now.folded);
  const auto read = source(of, now.folded.sequence.next(), [&](const actors::entity_update& record) { return now.take(record); });
  if (!read) {
    now.rest(folded_states::why::on_the_way, 1);
    return std::unexpected(read.error());
  }
  now.rest(folded_states::why::at_rest, rest_is_worth);
  if (now.folded.last_sequence.value == 0) return fail(failure_code::not_found, "nothing in the log is about " + events::to_string(of.address.entity));
  return std::move(now.folded);
}

} // namespace reverie::ops
