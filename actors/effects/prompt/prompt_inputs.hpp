#pragma once

#include "actors/domain/session/state.hpp"
#include "actors/effects/chat_model.hpp"
#include "actors/effects/recall.hpp"
#include "events/model/character_events.hpp"

#include <string>
#include <utility>
#include <vector>

namespace reverie::actors::prompt {

/// One message of the active branch, oldest first; the last ones are the user's, which the reply answers.
struct turn {
  events::message_id message{};
  session::role by = session::role::user;
  std::string text;
  std::vector<events::memory_id> recalled = {}; ///< of a reply: memories that stood in its prompt
};

/// How the character feels about the user, in words and numbers.
struct bond_summary {
  std::string level;                                 ///< stranger, friend, …; empty when nothing is known
  std::vector<std::pair<std::string, double>> axes;  ///< in [0, 1]
};

/// All a prompt is made of.
struct inputs {
  events::character::profile card;
  std::string user_name;
  std::vector<turn> turns;
  recall_result recalled;
  std::string recall_note;                          ///< why nothing was recalled ("recall unavailable"), for the manifest
  bond_summary bond;
  model_description model;
  std::vector<events::message_id> barred;           ///< sorted, from the bond: neither they nor what rests on them gets in
  std::vector<events::memory_id> forgotten;         ///< sorted, from the bond
};

/// A request, with the account of what it was made of.
struct built {
  chat_request request;
  std::vector<events::memory_id> recalled; ///< memories that stand in the request, sorted
  std::string manifest_json; ///< shape, budget, pieces (kind, id, length, hash, tokens, score, kept, reason)
  std::size_t sentences_max = 0; ///< cut the reply after so many sentences; 0 for no cut (see first_sentences.hpp)
};

} // namespace reverie::actors::prompt
