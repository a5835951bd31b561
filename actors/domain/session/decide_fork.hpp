#pragma once

#include "actors/domain/decision.hpp"
#include "actors/domain/session/commands.hpp"
#include "actors/domain/session/state.hpp"

namespace reverie::actors::session {

/// A fork begins: only as a forked session, only by the server for an operator, and once. A long copy comes in parts, parents before what
/// hangs below them; the last part names the leaf.
decision decide_one(const state& now, const fork& asked, const decision_context& context);

/// What a fork takes: messages, other replies, another branch, its end; nothing that rewrites what it is a copy of. While parts of the copy
/// are missing, only these, or its end.
bool may_fork_take(const state& now, const command& asked);

} // namespace reverie::actors::session
