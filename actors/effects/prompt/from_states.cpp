#include "actors/effects/prompt/from_states.hpp"

#include "actors/domain/bond/axes.hpp"
#include "actors/domain/session/turns.hpp"
#include "events/model/limits.hpp"

#include <algorithm>

namespace reverie::actors::prompt {
namespace {

/// The end of the branch that a prompt can hold.
std::vector<session::turn> last_turns(const session::state& talk) {
  auto turns = session::turns_to_answer(talk);
  const auto most = events::limits::prompt_turns_kept_per_session;
  if (turns.size() > most) turns.erase(turns.begin(), turns.end() - static_cast<std::ptrdiff_t>(most));
  return turns;
}

} // namespace

std::vector<missing_text> missing_texts(const session::state& talk) {
  std::vector<missing_text> missing;
  for (const auto& turn : last_turns(talk))
    if (!turn.text && turn.text_at.value != 0) missing.push_back({turn.message, turn.text_at});
  return missing;
}

recall_query recall_query_for(const session::state& talk, events::session_id self) {
  recall_query query;
  query.user = talk.user;
  query.character = talk.character;
  query.session = self;
  query.limit = events::limits::recalled_memories;
  const auto turns = last_turns(talk);
  for (const auto& turn : turns) query.exclude.push_back(turn.message);
  auto first = turns.size();
  while (first > 0 && turns[first - 1].by == session::role::user) --first;
  for (auto i = first; i < turns.size(); ++i)
    if (turns[i].text) query.text += (query.text.empty() ? "" : "\n") + *turns[i].text;
  return query;
}

inputs inputs_from(const session::state& talk, const bond::state* bond, const character::state* character, std::string user_name,
                   const std::map<events::message_id, std::string>& read_again) {
  inputs from;
  if (const auto* card = character == nullptr ? nullptr : character::card_of(*character, talk.card_version)) from.card = card->profile;
  if (from.card.name.empty()) from.card.name = "the character";
  from.user_name = std::move(user_name);
  for (const auto& turn : last_turns(talk)) {
    const auto again = read_again.find(turn.message);
    if (turn.text) from.turns.push_back({turn.message, turn.by, *turn.text, turn.recalled});
    else if (again != read_again.end()) from.turns.push_back({turn.message, turn.by, again->second});
  }
  if (bond == nullptr) return from;
  from.barred = bond->barred;
  from.forgotten = bond->forgotten;
  const auto values = bond::affinity_of(*bond);
  from.bond.level = bond::affinity_level(values);
  for (const auto axis : bond::all_affinity_axes) from.bond.axes.emplace_back(bond::axis_name(axis), values[axis]);
  return from;
}

} // namespace reverie::actors::prompt
