#pragma once

#include "gateway/wire/masking.hpp"

namespace reverie::ops {

/// What changed between two states: `{"path":"/a/b","op":"add|remove|replace","before","after"}` for each place, by JSON pointer (RFC 6901), in
/// the order of the paths. Objects are compared by key, arrays by index; an empty array and an empty object are the same. Pure.
gateway::document state_diff(const gateway::document& before, const gateway::document& after);

/// Changes of a state as an operator may see them: values under the mode, by what the field is called. Pure.
gateway::document private_changes(gateway::document changes, gateway::privacy_mode privacy);

} // namespace reverie::ops
