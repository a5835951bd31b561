#pragma once

#include "actors/domain/session/state.hpp"

#include <optional>
#include <span>
#include <vector>

namespace reverie::actors::session {

/// Messages from the root to `leaf`, in order; empty when there is none. Stops where a parent is not in the tree.
std::vector<message_id> branch_to(const state& now, const std::optional<message_id>& leaf);

/// Whether `message` is `ancestor` or hangs somewhere below it.
bool hangs_below(const state& now, const message_id& message, const message_id& ancestor);

/// The message and all below it, oldest first.
std::vector<message_id> subtree_of(const state& now, const message_id& top);

/// The newest leaf below a message (itself when nothing hangs below it); below nothing means in the whole tree. What `without`
/// names (whole subtrees) is left out, as if it were gone.
std::optional<message_id> newest_leaf(const state& now, const std::optional<message_id>& below,
                                      std::span<const message_id> without = {});

/// Whether any message hangs directly below this one.
bool has_children(const state& now, const message_id& message);

} // namespace reverie::actors::session
