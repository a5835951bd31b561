#pragma once

#include "actors/domain/bond/state.hpp"
#include "actors/domain/character/state.hpp"
#include "actors/domain/effect.hpp"
#include "actors/domain/session/state.hpp"
#include "actors/effects/prompt/prompt_inputs.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

/// What a reply's prompt needs, taken from the states of the entities it concerns. Pure.
namespace reverie::actors {

/// What an event of a session says: the text of the message it makes or rewrites, if it does, and what was recalled for it.
struct said_text {
  events::sequence_number at{};
  std::optional<std::string> text;
  std::vector<events::memory_id> recalled = {};
  std::vector<events::session::copied_message> copied = {}; ///< of the event a fork begins with: all the texts it holds

  static said_text in(const events::recorded_event& event);
};

/// Gathered piece by piece, each on its entity's own thread.
struct generation_inputs {
  struct wanted_turn {
    events::message_id message{};
    session::role by = session::role::user;
    std::optional<std::string> text;
    events::sequence_number text_at{};
    std::vector<events::memory_id> recalled = {};
  };
  bool under_way = false; ///< whether the session still waits for this attempt
  std::uint32_t card_version = 1;
  std::vector<wanted_turn> turns; ///< oldest first
  std::optional<session::fork_mark> fork; ///< set when the reply is a fork's
  std::vector<std::pair<events::memory_id, bond::fact>> fork_facts; ///< all that the forked bond holds
  prompt::inputs prompt;

  void take_session(const session::state& now, const generate_reply& wanted, std::size_t context_tokens);
  void take_bond(const bond::state& now);
  /// Of a fork: its own bond's facts, beside what take_bond takes.
  void take_forked_bond(const bond::state& now);
  /// Of a fork: what the person has had forgotten since counts in it too.
  void take_origin_bond(const bond::state& now);
  /// Adds what must not reach a prompt.
  void bar(std::span<const events::message_id> messages, std::span<const events::memory_id> memories);
  void take_character(const character::state& now);
  /// Sequences of events whose texts the session does not keep any more.
  std::vector<events::sequence_number> missing_texts() const;
  /// A text that was read again from the log.
  void take_text(const said_text& said);
  /// What to ask the memory: the messages that the reply answers.
  recall_query query_for(const generate_reply& wanted) const;
  /// Of a fork: what is recalled is as it was when it was copied, and what it learned since.
  void close_recall();
  /// Moves the turns into the prompt, leaving out what has no text.
  void close_turns();
};

} // namespace reverie::actors
