#pragma once

#include "actors/domain/bond/state.hpp"
#include "actors/effects/recall.hpp"

#include <span>
#include <utility>

namespace reverie::actors {

/// What a fork may recall: of what the person's own memory gave only what was known when the copy was made, facts only as the forked bond
/// has them; then the facts that the fork learned itself, those first that share most words with what is asked. Nothing that was
/// forgotten. Pure.
recall_result recall_of_fork(recall_result found, std::string_view asked, events::timestamp copied_at, std::size_t limit,
                             std::span<const std::pair<events::memory_id, bond::fact>> facts, std::span<const events::memory_id> forgotten,
                             std::span<const events::message_id> barred);

} // namespace reverie::actors
