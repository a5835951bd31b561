#pragma once

#include "actors/effects/prompt/prompt_inputs.hpp"

namespace reverie::actors::prompt {

/// Builds the request for a reply: platform text, card (V2 rules), lorebook, bond, recalled memories between marks, examples, recent
/// turns, post-history instructions, cut to the model's token budget (oldest turns first, memories of the lowest score first). Small
/// models get a shape of their own that they can follow. The creator's notes never get in. Pure.
built build_prompt(const inputs& from);

/// What the platform tells a model, unless the card brings its own; with {{char}} and {{user}} in it.
extern const std::string_view platform_text;

} // namespace reverie::actors::prompt
