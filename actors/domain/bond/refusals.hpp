#pragma once

#include "actors/domain/decision.hpp"

#include <optional>

namespace reverie::actors::bond {

/// A bond is the business of its user and of the system; to others it is not there.
inline std::optional<rejection> refuse_stranger(const decision_context& context) {
  if (context.caller.is_nil() || context.caller.value == context.self.slice_key) return std::nullopt;
  return rejection{rejection_code::not_found, "There is no such bond.", "character_id"};
}

/// What only the session of the bond may ask, by an effect.
inline std::optional<rejection> refuse_person(const decision_context& context) {
  if (context.caller.is_nil()) return std::nullopt;
  return rejection{rejection_code::permission_denied, "Only the server tells a character what was said."};
}

} // namespace reverie::actors::bond
