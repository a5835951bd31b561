#pragma once

#include "actors/effects/prompt/manifest.hpp"
#include "actors/effects/prompt/prompt_inputs.hpp"

/// The two shapes of a prompt, and the sifting they share.
namespace reverie::actors::prompt {

/// Turns that may be used: barred ones are taken out, with the replies that answered them or had recalled what is forgotten, as they may
/// repeat it.
std::vector<turn> usable_turns(const inputs& from, manifest& account);

/// Memories that may be used, best first: none that was forgotten or rests on a barred message.
std::vector<recalled_memory> usable_memories(const inputs& from, manifest& account);

/// For models that can follow it.
built build_full(const inputs& from);

/// For models of some hundred million parameters: a short persona, two example exchanges, no message of the character, and the one memory
/// that fits best in the user's own words right before the question.
built build_small(const inputs& from);

/// A remembered fact as its user would say it: "User's dog is named Bruno" becomes "My dog is named Bruno". Other texts stay.
std::string in_own_words(std::string_view fact);

} // namespace reverie::actors::prompt
