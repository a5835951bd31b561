#include "ops/operator/entity_timeline.hpp"

#include "events/model/limits.hpp"
#include "events/replay/entity_history_reader.hpp"
#include "ops/operator/entity_history.hpp"

namespace reverie::ops {

using events::fail;
using events::failure_code;
using events::outcome;

namespace {

bool is_within(const fold_until& until, const actors::entity_update& record, const events::recorded_event& each) {
  if (until.sequence && each.context.sequence.value > *until.sequence) return false;
  if (until.time && each.context.at > *until.time) return false;
  return !until.before_or_at || record.position.offset <= until.before_or_at->offset;
}

} // namespace

timeline_source timeline_of(actors::actor_node& node, std::size_t records_max) {
  return [&node, records_max](const entity_finder::place& of, const timeline_visitor& visit) -> outcome<void> {
    entity_history history(node, of.address);
    std::optional<events::entity_position> after;
    for (std::size_t read = 0;;) {
      auto page = history.after(after, events::limits::history_page_updates);
      if (!page) return std::unexpected(page.error());
      for (const auto& each : *page)
        if (!visit(*each)) return {};
      read += page->size();
      if (page->empty()) return {};
      if (read >= records_max) return fail(failure_code::too_large, "this entity has more than " + std::to_string(records_max) + " records");
      after = events::entity_position{page->back()->position, {}};
    }
  };
}

timeline_source timeline_of(events::event_log& log, const std::function<events::field_opener()>& make_opener) {
  return [&log, make_opener](const entity_finder::place& of, const timeline_visitor& visit) -> outcome<void> {
    events::entity_history_reader history(log, of.partition, nullptr);
    actors::entity_update record;
    bool wanted = true;
    const auto read = history.read(of.address, {1}, make_opener(), [&](events::recorded_event& each, bool) {
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

outcome<folded_entity> fold_entity(const timeline_source& source, const entity_finder::place& of, const fold_until& until) {
  folded_entity folded{.logic = actors::make_entity_logic(of.address.entity.kind)};
  const auto read = source(of, [&](const actors::entity_update& record) {
    for (const auto& each : record.happened) {
      folded.last_sequence = each.context.sequence;
      folded.last_position = record.position;
      if (!is_within(until, record, each)) continue;
      folded.logic->evolve(each.payload, each.context);
      folded.sequence = each.context.sequence;
      folded.position = record.position;
      folded.at = each.context.at;
    }
    return !until.sequence || folded.last_sequence.value < *until.sequence;
  });
  if (!read) return std::unexpected(read.error());
  if (folded.last_sequence.value == 0) return fail(failure_code::not_found, "nothing in the log is about " + events::to_string(of.address.entity));
  return folded;
}

} // namespace reverie::ops
