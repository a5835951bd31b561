#pragma once

#include "events/model/bond_events.hpp"
#include "events/model/session_events.hpp"
#include "ops/operator/told_conversation.hpp"

#include <vector>

namespace reverie::ops {

/// What a fork begins with: the conversation as it was, without what the person has deleted since. Ids of the fork and its model are the
/// caller's to fill in. Pure.
events::session::forked copy_of_conversation(const told_conversation& told);

/// The bond as it was, without what was learned from messages deleted since, and with all that the person has had forgotten until today. Pure.
events::bond::forked copy_of_bond(const told_bond& told);

/// The same copy for several records, each with at most so many bytes of texts (one message or fact at least): only the last part of a
/// conversation names its leaf, only the first of a bond holds more than facts. Pure.
std::vector<events::session::forked> parts_of(events::session::forked whole, std::size_t bytes_max);
std::vector<events::bond::forked> parts_of(events::bond::forked whole, std::size_t bytes_max);

} // namespace reverie::ops
