#include "ops/operator/entity_desk.hpp"

#include "events/codec/json_text.hpp"
#include "events/log/state_hash.hpp"
#include "events/replay/record_search.hpp"
#include "events/vault/field_sealing.hpp"
#include "ops/operator/entity_history.hpp"
#include "ops/operator/failure_view.hpp"
#include "ops/operator/owner_state.hpp"
#include "ops/operator/record_view.hpp"
#include "ops/operator/state_diff.hpp"

#include <algorithm>
#include <charconv>
#include <future>

namespace reverie::ops {

using gateway::document;
using gateway::privacy_mode;
using gateway::result;
namespace limits = gateway::operator_limits;

namespace {

constexpr auto answer_within = std::chrono::seconds(5), state_within = std::chrono::seconds(20);
constexpr std::size_t belongings_max = 500; // sessions and bonds of one person in a world view
constexpr auto clocks_differ = std::chrono::minutes(1); // of the owners that a partition had

std::string hash_text(const actors::entity_logic& logic) { return events::hex_text(events::hash_of_state(logic.state_bytes())); }

document readable(const actors::entity_logic& logic) { return gateway::readable_state(document::parse(logic.state_json(), nullptr, false)); }

document state_view(const folded_entity& folded, const events::entity_ref& which, privacy_mode privacy) {
  const bool any = folded.sequence.value > 0;
  return {{"entity", events::to_string(which)},
          {"sequence", folded.sequence.value},
          {"at", any ? document(events::format_rfc3339(folded.at)) : document(nullptr)},
          {"position", any ? document(events::to_string(folded.position)) : document(nullptr)},
          {"state", gateway::private_state(readable(*folded.logic), privacy)},
          {"state_hash", hash_text(*folded.logic)},
          {"last_sequence", folded.last_sequence.value}};
}

/// Of a whole world: nothing behind its position was read.
document part_view(const folded_entity& folded, const events::entity_ref& which, privacy_mode privacy) {
  auto view = state_view(folded, which, privacy);
  view["last_sequence"] = nullptr;
  return view;
}

document effect_view(const actors::effect_status& each) {
  return {{"id", events::to_string(each.id)}, {"kind", each.kind}, {"since", events::format_rfc3339(each.since)}, {"attempts", each.attempts},
          {"state", each.failed ? "failed" : "pending"}, {"problem", each.problem}};
}

} // namespace

entity_desk::entity_desk(actors::actor_node& node, events::event_log& log, events::key_ring& keys, entity_finder& finder,
                         projections::connection_pool& pool, const log_watch& watch, bounds most)
    : node_(node), log_(log), keys_(keys), finder_(finder), pool_(pool), watch_(watch), most_(most), gate_(most.readings), states_(keys, most.states) {}

result<entity_finder::place> entity_desk::find(const events::entity_ref& which) {
  auto found = finder_.find(which);
  if (!found) return std::unexpected(operator_error(found.error()));
  if (!*found || which.kind == events::entity_kind::partition || which.kind == events::entity_kind::workspace || which.kind == events::entity_kind::job)
    return std::unexpected(gateway::not_found_error("There is no such entity."));
  return **found;
}

result<folded_entity> entity_desk::fold(const timeline_source& source, const entity_finder::place& of, const fold_until& until) {
  auto folded = fold_entity(source, of, until, &states_);
  if (folded) return std::move(*folded);
  auto error = reading_error(folded.error());
  if (folded.error().code == events::failure_code::timed_out) error.message += " Ask again: it goes on from there.";
  return std::unexpected(std::move(error));
}

/// What takes too long to be folded for a first look: as its owner has it now, which loads it there.
result<document> entity_desk::state_of_owner(const entity_finder::place& of, privacy_mode privacy) {
  const auto owned = ask_owner(node_, of.address, state_within);
  if (!owned) return std::unexpected(owned.error());
  entity_history history(node_, of.address);
  const auto last = history.last_sequence(); // it may have gone on meanwhile
  if (!last) return std::unexpected(operator_error(last.error()));
  const auto shown = history.before(owned->sequence.next(), 1), newest = history.before(last->next(), 1);
  if (!shown || !newest) return std::unexpected(operator_error((shown ? newest : shown).error()));
  if (shown->empty() || newest->empty()) return std::unexpected(gateway::not_found_error("There is no such entity."));
  const auto& record = *shown->front();
  return document{{"entity", events::to_string(of.address.entity)},
                  {"sequence", owned->sequence.value},
                  {"at", events::format_rfc3339(record.happened.back().context.at)},
                  {"position", events::to_string(record.position)},
                  {"state", gateway::private_state(gateway::readable_state(document::parse(owned->json, nullptr, false)), privacy)},
                  {"state_hash", events::hex_text(events::hash_of_state(owned->json))},
                  {"last_sequence", last->value},
                  {"last_position", events::to_string(newest->front()->position)}};
}

result<document> entity_desk::entity(events::entity_ref which, privacy_mode privacy) {
  const auto place = find(which);
  if (!place) return std::unexpected(place.error());
  auto standing = std::make_shared<std::promise<events::outcome<actors::entity_standing>>>();
  auto coming = standing->get_future();
  node_.stand(place->address, [standing](events::outcome<actors::entity_standing> found) { standing->set_value(std::move(found)); });
  const auto folded = fold_entity(timeline(most_.entity_within), *place, {}, &states_);
  const bool long_one = !folded && (folded.error().code == events::failure_code::timed_out || folded.error().code == events::failure_code::overloaded);
  if (!folded && !long_one) return std::unexpected(operator_error(folded.error()));
  auto seen = folded ? result<document>(state_view(*folded, which, privacy)) : state_of_owner(*place, privacy);
  if (!seen) return seen;
  auto& view = *seen;
  view["partition"] = place->partition.value;
  if (folded) view["last_position"] = view["position"];
  view["in_memory"] = nullptr;
  view["parked"] = nullptr;
  view["mailbox"] = nullptr;
  view["pending_effects"] = document::array();
  if (coming.wait_for(answer_within) != std::future_status::ready) return view;
  const auto found = coming.get();
  if (!found) return view;
  view["in_memory"] = found->in_memory;
  view["parked"] = found->parked;
  if (found->in_memory) view["mailbox"] = {{"waiting", found->waiting}};
  for (const auto& each : found->effects) view["pending_effects"].push_back(effect_view(each));
  return view;
}

/// Where the page after a cursor lies, and one more. The cursor is the last record that was shown.
result<std::vector<events::log_position>> entity_desk::page_of(const entity_finder::place& of, const gateway::record_query& query) {
  const auto wrong = [] { return std::unexpected(gateway::validation_error("This cursor does not belong to this list.", "cursor")); };
  entity_history history(node_, of.address);
  std::optional<events::entity_position> shown;
  auto end = events::sequence_number{};
  if (!query.cursor.empty()) {
    const auto cursor = events::parse_position(query.cursor);
    if (!cursor || cursor->partition != of.partition) return wrong();
    const auto record = events::record_at(log_, *cursor);
    if (!record && record.error().code != events::failure_code::not_found) return std::unexpected(operator_error(record.error()));
    if (!record || record->content.headers.entity != of.address.entity) return wrong();
    shown = events::entity_position{*cursor, {}};
    end = record->content.headers.first_sequence;
  } else if (query.forward) {
    if (query.sequence.value_or(0) > 1) shown = events::entity_position{{}, {*query.sequence - 1}};
  } else {
    const auto last = history.last_sequence();
    if (!last) return std::unexpected(operator_error(last.error()));
    end = events::sequence_number{std::min(last->value, query.sequence.value_or(last->value))}.next();
  }
  const auto page = query.forward ? history.after(shown, query.page_size + 1) : history.before(end, query.page_size + 1);
  if (!page) return std::unexpected(operator_error(page.error()));
  std::vector<events::log_position> positions;
  for (const auto& each : *page) positions.push_back(each->position);
  return positions;
}

result<document> entity_desk::history(events::entity_ref which, const gateway::record_query& query) {
  const auto place = find(which);
  if (!place) return std::unexpected(place.error());
  const auto positions = page_of(*place, query);
  if (!positions) return std::unexpected(positions.error());
  const bool more = positions->size() > query.page_size;
  const auto shown = std::min(positions->size(), query.page_size);
  const auto opener = events::open_with(keys_);
  auto items = document::array();
  for (std::size_t i = 0; i < shown; ++i) {
    const auto record = events::record_at(log_, (*positions)[i]);
    if (!record) return std::unexpected(operator_error(record.error()));
    items.push_back(record_view(*record, watch_.verdict_of((*positions)[i]), opener, query.privacy, record_detail::list));
  }
  // Only who has read all of them knows how many there are.
  const auto total = query.cursor.empty() && !query.sequence && !more ? document(shown) : document(nullptr);
  return document{{"items", std::move(items)}, {"next_cursor", more ? document(events::to_string((*positions)[shown - 1])) : document(nullptr)}, {"has_more", more}, {"total", total}};
}

result<document> entity_desk::state_at(events::entity_ref which, gateway::entity_moment when, privacy_mode privacy) {
  const auto place = find(which);
  if (!place) return std::unexpected(place.error());
  const auto folded = fold(timeline(most_.fold_within), *place, {.sequence = when.sequence, .time = when.time, .before_or_at = {}});
  if (!folded) return std::unexpected(folded.error());
  auto view = state_view(*folded, which, privacy);
  const auto last = entity_history(node_, place->address).last_sequence();
  if (!last) return std::unexpected(operator_error(last.error()));
  view["last_sequence"] = last->value;
  return view;
}

/// The first ones that hold events behind `from`, up to `to`.
result<std::vector<events::log_position>> entity_desk::records_between(const entity_finder::place& of, std::uint64_t from, std::uint64_t to) {
  std::optional<events::entity_position> behind;
  if (from > 0) behind = events::entity_position{{}, {from}};
  const auto page = entity_history(node_, of.address).after(behind, limits::page_size);
  if (!page) return std::unexpected(operator_error(page.error()));
  std::vector<events::log_position> between;
  for (const auto& each : *page)
    if (!each->happened.empty() && each->happened.front().context.sequence.value <= to) between.push_back(each->position);
  return between;
}

result<document> entity_desk::diff(events::entity_ref which, std::uint64_t from, std::uint64_t to, privacy_mode privacy) {
  if (to < from) std::swap(from, to);
  const auto place = find(which);
  if (!place) return std::unexpected(place.error());
  const auto source = timeline(most_.fold_within);
  auto before = fold(source, *place, {.sequence = from, .time = {}, .before_or_at = {}});
  if (!before) return std::unexpected(before.error());
  const auto old = readable(*before->logic);
  before->logic.reset(); // one state at a time, beside what is shown of it
  const auto after = fold(source, *place, {.sequence = to, .time = {}, .before_or_at = {}});
  if (!after) return std::unexpected(after.error());
  const auto between = records_between(*place, from, to);
  if (!between) return std::unexpected(between.error());
  // Compared unmasked, so that a text that changed within its shape shows; shown under the mode.
  auto changes = private_changes(state_diff(old, readable(*after->logic)), privacy);
  const auto opener = events::open_with(keys_);
  auto happened = document::array();
  for (const auto& at : *between) {
    const auto record = events::record_at(log_, at);
    if (!record) return std::unexpected(operator_error(record.error()));
    happened.push_back(record_view(*record, watch_.verdict_of(at), opener, privacy, record_detail::list));
  }
  return document{{"from", from}, {"to", to}, {"changes", std::move(changes)}, {"events", std::move(happened)}};
}

/// Those that the read models know, and that were begun by then: what came later would only push out what was there.
events::outcome<entity_desk::belongings> entity_desk::belongings_of(events::user_id person, std::optional<events::timestamp> until) {
  const auto time = until ? std::optional(events::format_rfc3339(*until + clocks_differ)) : std::nullopt;
  const auto rows = pool_.run("SELECT 'session', id FROM (SELECT id FROM reverie.conversations WHERE user_id = $1 "
                              "AND ($3::timestamptz IS NULL OR created_at <= $3::timestamptz) ORDER BY created_at DESC, id DESC LIMIT $2) s "
                              "UNION ALL SELECT 'bond', id FROM (SELECT id FROM reverie.memory_shelves WHERE user_id = $1 UNION "
                              "SELECT id FROM reverie.bonds WHERE user_id = $1 ORDER BY id LIMIT $2) b",
                              {events::to_string(person), std::to_string(belongings_max + 1), time});
  if (!rows) return std::unexpected(rows.error());
  belongings found;
  std::size_t sessions = 0, bonds = 0;
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    const bool bond = rows->text(i, 0) == "bond";
    if (++(bond ? bonds : sessions) > belongings_max) found.cut = true;
    else found.all.push_back({bond ? events::entity_kind::bond : events::entity_kind::session, rows->uuid(i, 1)});
  }
  return found;
}

/// All of a person lies in one partition, in one order: what was written at or before one of its positions is a consistent cut.
result<document> entity_desk::world(events::user_id person, events::log_position at, privacy_mode privacy) {
  const events::entity_ref user{events::entity_kind::user, person.value};
  const auto place = find(user);
  if (!place) return std::unexpected(place.error());
  if (at.partition != place->partition)
    return std::unexpected(gateway::validation_error("This person lives in partition " + std::to_string(place->partition.value) + ".", "position"));
  const fold_until until{.sequence = {}, .time = {}, .before_or_at = at};
  const auto source = timeline(most_.fold_within);
  const auto folded = fold(source, *place, until);
  if (!folded) return std::unexpected(folded.error());
  const auto record = events::record_at(log_, at);
  if (!record && record.error().code != events::failure_code::not_found) return std::unexpected(operator_error(record.error()));
  const auto belongings = belongings_of(person, record ? std::optional(record->content.headers.at) : std::nullopt); // none: behind the log's end
  if (!belongings) return std::unexpected(operator_error(belongings.error()));
  auto sessions = document::array(), bonds = document::array();
  for (const auto& each : belongings->all) {
    auto one = fold(source, {{each, person.value}, place->partition}, until);
    if (!one && one.error().status == 404) continue;
    if (!one) return std::unexpected(one.error());
    if (one->sequence.value == 0) continue; // not there yet
    (each.kind == events::entity_kind::bond ? bonds : sessions).push_back(part_view(*one, each, privacy));
  }
  return document{{"user", part_view(*folded, user, privacy)}, {"sessions", std::move(sessions)}, {"bonds", std::move(bonds)},
                  {"position", events::to_string(at)}, {"truncated", belongings->cut}};
}

} // namespace reverie::ops
