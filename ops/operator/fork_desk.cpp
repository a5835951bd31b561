#include "ops/operator/fork_desk.hpp"

#include "gateway/bridge/fresh_ids.hpp"
#include "ops/operator/failure_view.hpp"
#include "ops/operator/fork_copy.hpp"
#include "ops/operator/fork_view.hpp"
#include "ops/operator/owner_state.hpp"

#include <future>

namespace reverie::ops {

using events::entity_kind;
using gateway::document;
using gateway::privacy_mode;
using gateway::result;
namespace session = actors::session;

namespace {

constexpr auto fork_answered_within = std::chrono::seconds(20);
constexpr const char* fork_columns = "id, origin_id, origin_sequence, user_id, character_id, model, state, messages, "
                                     "(extract(epoch FROM created_at) * 1000)::bigint, (extract(epoch FROM updated_at) * 1000)::bigint, "
                                     "coalesce((SELECT name FROM reverie.characters c WHERE c.id = character_id), '')";

document row_view(const projections::result& rows, std::size_t line) {
  const auto text = [&](std::size_t column) { return std::string(rows.text(line, column)); };
  return {{"id", text(0)}, {"origin_id", text(1)}, {"origin_sequence", rows.integer(line, 2)}, {"user_id", text(3)}, {"character_id", text(4)},
          {"character_name", text(10)}, {"model", text(5).empty() ? document(nullptr) : document(text(5))}, {"state", text(6)}, {"messages", rows.integer(line, 7)},
          {"created_at", events::format_rfc3339(rows.time(line, 8))}, {"updated_at", events::format_rfc3339(rows.time(line, 9))}};
}

document mark_view(events::session_id fork, const session::state& state) {
  const auto& mark = *state.fork;
  return {{"id", events::to_string(fork)}, {"origin_id", events::to_string(mark.origin)}, {"origin_sequence", mark.origin_sequence.value},
          {"origin_at", events::format_rfc3339(mark.origin_at)}, {"user_id", events::to_string(state.user)},
          {"character_id", events::to_string(state.character)}, {"model", mark.model.empty() ? document(nullptr) : document(mark.model)},
          {"state", state.closed ? "closed" : "open"}, {"replying", state.turn.has_value()}};
}

} // namespace

fork_desk::fork_desk(actors::actor_node& node, entity_finder& finder, projections::connection_pool& pool, std::function<events::timestamp()> now, bounds most)
    : node_(node), finder_(finder), pool_(pool), now_(std::move(now)), most_(most), gate_(most.readings) {}

result<entity_finder::place> fork_desk::find(entity_kind kind, const events::uuid& id) {
  auto found = finder_.find({kind, id});
  if (!found) return std::unexpected(operator_error(found.error()));
  if (!*found) return std::unexpected(gateway::not_found_error(events::is_fork(kind) ? "There is no such fork." : "There is no such conversation."));
  return **found;
}

result<actors::command_answer> fork_desk::submit(const events::entity_address& to, actors::any_command command) {
  auto answered = std::make_shared<std::promise<actors::command_outcome>>();
  auto coming = answered->get_future();
  const auto id = gateway::fresh_uuid(now_());
  node_.submit({.id = {id}, .correlation = {id}, .caller = {}, .target = to, .command = std::move(command), .cause = std::nullopt},
               [answered](actors::command_outcome outcome) { answered->set_value(std::move(outcome)); });
  if (coming.wait_for(fork_answered_within) != std::future_status::ready) return std::unexpected(gateway::unavailable_error("This was not answered in time."));
  auto outcome = coming.get();
  if (!outcome) return std::unexpected(gateway::error_of(outcome.error()));
  return *outcome;
}

/// In as many records as its facts take.
result<void> fork_desk::write_bond(const events::entity_address& to, events::bond::forked copy) {
  for (auto& part : parts_of(std::move(copy), most_.part_bytes))
    if (auto made = submit(to, actors::bond::command{actors::bond::fork{std::move(part)}}); !made) return std::unexpected(made.error());
  return {};
}

/// In as many records as its texts take: until the last one it takes nothing else. One that did not become whole ends here.
result<actors::command_answer> fork_desk::write_session(const events::entity_address& to, events::session::forked copy) {
  result<actors::command_answer> made;
  for (auto& part : parts_of(std::move(copy), most_.part_bytes)) {
    made = submit(to, session::command{session::fork{std::move(part)}});
    if (made) continue;
    (void)submit(to, session::command{session::close{}}); // what went wrong is what is told
    return made;
  }
  return made;
}

/// The bond first: a fork that answers has one. One that was left alone by a crash in between is never found and does no harm.
result<document> fork_desk::make(events::session_id of, const gateway::fork_wish& wish) {
  const auto place = find(entity_kind::session, of.value);
  if (!place) return std::unexpected(place.error());
  const auto source = timeline();
  const auto told = tell_conversation(source, *place, wish.sequence);
  if (!told) return std::unexpected(reading_error(told.error()));
  if (wish.sequence && (*wish.sequence == 0 || *wish.sequence > told->last_sequence.value))
    return std::unexpected(gateway::validation_error("This conversation has the events 1 to " + std::to_string(told->last_sequence.value) + ".", "sequence"));
  const auto& person = place->address.slice_key;
  const auto bond_of_person = events::bond_of(told->then.user, told->then.character);
  const auto bond = tell_bond(source, {{{entity_kind::bond, bond_of_person.value}, person}, place->partition}, told->position);
  if (!bond) return std::unexpected(reading_error(bond.error()));

  const events::session_id fork{gateway::fresh_uuid(now_())};
  auto bond_copy = copy_of_bond(*bond);
  bond_copy.bond = events::forked_bond_of(fork);
  bond_copy.user = told->then.user;
  bond_copy.character = told->then.character;
  bond_copy.session = fork;
  bond_copy.origin = bond_of_person;
  const events::entity_ref bond_entity{entity_kind::forked_bond, bond_copy.bond.value};
  if (auto made = write_bond({bond_entity, person}, std::move(bond_copy)); !made) return std::unexpected(made.error());

  auto copy = copy_of_conversation(*told);
  copy.session = fork;
  copy.origin = of;
  copy.model = wish.model;
  const auto messages = copy.messages.size();
  const auto made = write_session({{entity_kind::forked_session, fork.value}, person}, std::move(copy));
  if (!made) return std::unexpected(made.error());
  return document{{"id", events::to_string(fork)},
                  {"origin_id", events::to_string(of)},
                  {"origin_sequence", told->sequence.value},
                  {"origin_at", events::format_rfc3339(told->at)},
                  {"user_id", events::to_string(told->then.user)},
                  {"character_id", events::to_string(told->then.character)},
                  {"model", wish.model.empty() ? document(nullptr) : document(wish.model)},
                  {"state", "open"},
                  {"copied_messages", messages},
                  {"session", "forked_session/" + events::to_string(fork)},
                  {"bond", events::to_string(bond_entity)},
                  {"position", events::to_string(made->position)}};
}

result<document> fork_desk::list(const gateway::fork_query& query) {
  std::string where = "TRUE";
  projections::sql_params values;
  const auto add = [&](const std::string& condition, std::string value) {
    values.emplace_back(std::move(value));
    where += " AND " + condition + " $" + std::to_string(values.size());
  };
  if (query.conversation) add("origin_id =", events::to_string(*query.conversation));
  if (query.user) add("user_id =", events::to_string(*query.user));
  const auto counted = pool_.run("SELECT count(*) FROM reverie.forks WHERE " + where, values);
  if (!counted) return std::unexpected(operator_error(counted.error()));
  if (!query.cursor.empty()) {
    if (!events::parse_uuid(query.cursor)) return std::unexpected(gateway::validation_error("This cursor does not belong to this list.", "cursor"));
    add("id <", query.cursor); // ids are in order of time
  }
  const auto rows = pool_.run("SELECT " + std::string(fork_columns) + " FROM reverie.forks WHERE " + where + " ORDER BY id DESC LIMIT " +
                                  std::to_string(query.page_size + 1), values);
  if (!rows) return std::unexpected(operator_error(rows.error()));
  auto items = document::array();
  for (std::size_t i = 0; i < std::min(rows->rows(), query.page_size); ++i) items.push_back(row_view(*rows, i));
  const bool more = rows->rows() > query.page_size;
  auto cursor = more ? document(items.back()["id"]) : document(nullptr);
  return document{{"items", std::move(items)}, {"next_cursor", std::move(cursor)}, {"has_more", more}, {"total", counted->integer(0, 0)}};
}

/// As its owner has it: who looks at a fork asks again and again, and its texts are not needed for that.
result<document> fork_desk::one(events::session_id fork) {
  const auto place = find(entity_kind::forked_session, fork.value);
  if (!place) return std::unexpected(place.error());
  const auto owned = ask_owner(node_, place->address, fork_answered_within);
  if (!owned) return std::unexpected(owned.error());
  const auto state = events::from_canonical_json<session::state>(owned->json);
  if (!state) return std::unexpected(operator_error(state.error()));
  if (!state->fork) return std::unexpected(gateway::not_found_error("There is no such fork."));
  auto view = mark_view(fork, *state);
  view["last_sequence"] = owned->sequence.value;
  return view;
}

result<document> fork_desk::timelines(events::session_id fork, privacy_mode privacy) {
  const auto place = find(entity_kind::forked_session, fork.value);
  if (!place) return std::unexpected(place.error());
  const auto source = timeline();
  const auto copy = tell_fork(source, *place);
  if (!copy) return std::unexpected(reading_error(copy.error()));
  if (!copy->now.fork) return std::unexpected(gateway::not_found_error("There is no such fork."));
  const auto& mark = *copy->now.fork;
  const auto& person = place->address.slice_key;
  const auto near = [&](entity_kind kind, const events::uuid& id) { return entity_finder::place{{{kind, id}, person}, place->partition}; };
  const auto original = tell_conversation(source, near(entity_kind::session, mark.origin.value), mark.origin_sequence.value);
  if (!original) return std::unexpected(reading_error(original.error()));
  const auto bond = tell_bond(source, near(entity_kind::bond, events::bond_of(copy->now.user, copy->now.character).value), original->position);
  if (!bond) return std::unexpected(reading_error(bond.error()));
  const auto fork_bond = tell_bond(source, near(entity_kind::forked_bond, events::forked_bond_of(fork).value), copy->position);
  if (!fork_bond) return std::unexpected(reading_error(fork_bond.error()));
  auto view = timelines_view(*original, *copy, *bond, *fork_bond, privacy);
  view["of"] = mark_view(fork, copy->now);
  return view;
}

result<document> fork_desk::command(events::session_id fork, session::command command) {
  const auto place = find(entity_kind::forked_session, fork.value);
  if (!place) return std::unexpected(place.error());
  const auto answer = submit(place->address, std::move(command));
  if (!answer) return std::unexpected(answer.error());
  return document{{"message_id", events::to_string(answer->subject)}, {"position", events::to_string(answer->position)}};
}

result<document> fork_desk::say(events::session_id fork, const std::string& text) { return command(fork, session::send_message{text, {}}); }

result<document> fork_desk::regenerate(events::session_id fork, events::message_id message) { return command(fork, session::regenerate{message}); }

result<document> fork_desk::close(events::session_id fork) { return command(fork, session::close{}); }

} // namespace reverie::ops
