#pragma once

#include "gateway/wire/masking.hpp"
#include "ops/operator/told_conversation.hpp"

namespace reverie::ops {

/// Both timelines: what they share, how each went on, and what became of the bond on each side. Pure.
gateway::document timelines_view(const told_conversation& original, const told_conversation& fork, const told_bond& original_bond,
                                 const told_bond& fork_bond, gateway::privacy_mode privacy);

} // namespace reverie::ops
