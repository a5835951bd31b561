#include "actors/effects/generation_inputs.hpp"

#include "actors/domain/bond/affinity_rules.hpp"
#include "actors/domain/bond/axes.hpp"
#include "actors/domain/overloaded.hpp"
#include "actors/domain/session/turns.hpp"
#include "actors/effects/fork_recall.hpp"
#include "events/model/limits.hpp"

#include <algorithm>

namespace reverie::actors {

namespace {

constexpr std::size_t bytes_per_token = 5;        ///< more than any text has: so much may be in the prompt
constexpr std::size_t assumed_bytes_of_missing = 200;

/// The text an event of a session holds for the message it makes or rewrites.
std::optional<std::string> text_of(const events::event& any) {
  return std::visit(overloaded{
                        [](const events::session::opened& one) -> std::optional<std::string> { return one.greeting_text; },
                        [](const events::session::message_sent& one) -> std::optional<std::string> { return one.content; },
                        [](const events::session::reply_completed& one) -> std::optional<std::string> { return one.content; },
                        [](const events::session::message_edited& one) -> std::optional<std::string> { return one.content; },
                        [](const auto&) -> std::optional<std::string> { return std::nullopt; },
                    },
                    any);
}

} // namespace

void generation_inputs::take_session(const session::state& now, const generate_reply& wanted, std::size_t context_tokens) {
  under_way = now.turn && now.turn->reply == wanted.reply && now.turn->attempt == wanted.attempt;
  card_version = now.card_version;
  fork = now.fork;
  auto all = session::turns_to_answer(now);
  std::size_t bytes = 0;
  for (auto turn = all.rbegin(); turn != all.rend() && bytes < context_tokens * bytes_per_token; ++turn) {
    bytes += turn->text ? turn->text->size() : assumed_bytes_of_missing;
    turns.push_back({turn->message, turn->by, std::move(turn->text), turn->text_at, std::move(turn->recalled)});
  }
  std::ranges::reverse(turns);
}

void generation_inputs::take_bond(const bond::state& now) {
  const auto axes = bond::affinity_of(now);
  prompt.bond.level = bond::affinity_level(axes);
  for (auto axis : bond::all_affinity_axes) prompt.bond.axes.emplace_back(bond::axis_name(axis), axes[axis]);
  prompt.barred = now.barred;
  prompt.forgotten = now.forgotten;
}

void generation_inputs::take_forked_bond(const bond::state& now) {
  take_bond(now);
  fork_facts.assign(now.facts.begin(), now.facts.end());
}

void generation_inputs::take_origin_bond(const bond::state& now) { bar(now.barred, now.forgotten); }

void generation_inputs::bar(std::span<const events::message_id> messages, std::span<const events::memory_id> memories) {
  const auto add = [](auto& into, const auto& more) {
    into.insert(into.end(), more.begin(), more.end());
    std::ranges::sort(into);
    const auto again = std::ranges::unique(into);
    into.erase(again.begin(), again.end());
  };
  add(prompt.barred, messages);
  add(prompt.forgotten, memories);
}

void generation_inputs::take_character(const character::state& now) {
  if (const auto* card = character::card_of(now, card_version)) prompt.card = card->profile;
}

std::vector<events::sequence_number> generation_inputs::missing_texts() const {
  std::vector<events::sequence_number> missing;
  for (const auto& turn : turns)
    if (!turn.text && turn.text_at.value != 0 && !std::ranges::contains(missing, turn.text_at)) missing.push_back(turn.text_at);
  return missing;
}

said_text said_text::in(const events::recorded_event& event) {
  said_text said{event.context.sequence, text_of(event.payload)};
  if (const auto* copy = std::get_if<events::session::forked>(&event.payload)) said.copied = copy->messages;
  if (const auto* reply = std::get_if<events::session::reply_completed>(&event.payload)) said.recalled = reply->recalled;
  return said;
}

void generation_inputs::take_text(const said_text& said) {
  for (auto& turn : turns) {
    if (turn.text || turn.text_at != said.at) continue;
    if (const auto at = std::ranges::find(said.copied, turn.message, &events::session::copied_message::message); at != said.copied.end()) {
      turn.text = at->content;
      turn.recalled = at->recalled;
      continue;
    }
    turn.text = said.text;
    turn.recalled = said.recalled;
  }
}

recall_query generation_inputs::query_for(const generate_reply& wanted) const {
  recall_query query;
  query.user = wanted.user;
  query.character = wanted.character;
  query.session = fork ? fork->origin : wanted.session;
  query.limit = events::limits::recalled_memories;
  for (const auto& turn : turns) query.exclude.push_back(turn.message);
  auto asked = turns.end();
  while (asked != turns.begin() && std::prev(asked)->by == session::role::user) --asked;
  for (; asked != turns.end(); ++asked)
    if (asked->text) query.text += (query.text.empty() ? "" : "\n") + *asked->text;
  return query;
}

void generation_inputs::close_recall() {
  if (!fork) return;
  prompt.recalled = recall_of_fork(std::move(prompt.recalled), query_for({}).text, fork->origin_at, events::limits::recalled_memories, fork_facts,
                                   prompt.forgotten, prompt.barred);
  fork_facts.clear();
}

void generation_inputs::close_turns() {
  for (auto& turn : turns)
    if (turn.text) prompt.turns.push_back({turn.message, turn.by, std::move(*turn.text), std::move(turn.recalled)});
  turns.clear();
}

} // namespace reverie::actors
