#pragma once

#include "actors/domain/bond/state.hpp"
#include "actors/domain/character/state.hpp"
#include "actors/domain/session/state.hpp"
#include "actors/effects/prompt/prompt_inputs.hpp"

#include <map>
#include <string>
#include <vector>

namespace reverie::actors::prompt {

/// A text of the branch that the session's state no longer keeps: it is in the log, in the session's event of this sequence.
struct missing_text {
  events::message_id message{};
  events::sequence_number sequence{};
};

/// The newest texts that have to be read again for the running reply, at most limits::prompt_turns_kept_per_session turns back.
std::vector<missing_text> missing_texts(const session::state& talk);

/// What to recall for the running reply: about the messages it answers, without the turns that are in the prompt anyway.
recall_query recall_query_for(const session::state& talk, events::session_id self);

/// The inputs of the running reply from the entities' states. `read_again` holds the missing texts that could be read; turns without a text
/// are left out. Bond and card may be absent (null): then nothing is barred, and the character has no name but "the character".
inputs inputs_from(const session::state& talk, const bond::state* bond, const character::state* character, std::string user_name,
                   const std::map<events::message_id, std::string>& read_again);

} // namespace reverie::actors::prompt
