#pragma once

#include "actors/domain/bond/state.hpp"
#include "actors/domain/session/state.hpp"
#include "actors/effects/chat_model.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What a model that looks for facts is shown, taken from the states of bond and session. Pure.
namespace reverie::actors {

inline constexpr std::size_t extraction_message_bytes = 16 * 1024; ///< a longer message is left to the rules
inline constexpr std::size_t extraction_turns_before = 4;
inline constexpr std::size_t extraction_turn_bytes = 2 * 1024;     ///< of each of them; the rest is cut

struct extraction_inputs {
  std::vector<prompt_message> before = {};         ///< oldest first
  std::optional<events::failure> failed = {};      ///< why a state could not be looked at
};

/// Whether the bond is still to take this message up: it was neither observed nor taken back nor forgotten.
bool is_to_be_observed(const bond::state& now, const events::message_id& message);

/// The turns before a message of the active branch, as far as the session keeps their texts. `barred` (sorted) are left out: what was
/// forgotten reaches no prompt. Text that was recalled into them is cut out.
extraction_inputs inputs_before(const session::state& now, const events::message_id& message, std::span<const events::message_id> barred);

/// A text without what was recalled into it.
std::string without_recalled(std::string_view text);

} // namespace reverie::actors
