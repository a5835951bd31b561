#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace reverie::events {

/// The codes of wire.md section 1 that a decision or admission can answer with.
enum class rejection_code : std::uint8_t {
  validation_error = 1,
  permission_denied,
  not_found,
  conflict,
  duplicate_in_progress,
  command_expired,
  too_large,
  unprocessable,
  rate_limited,
  overloaded,
  unavailable,
};

/// A command that was refused: a value, not a failure. Nothing was written.
struct rejection {
  rejection_code code;
  std::string message;                          ///< a sentence for the user
  std::string param = {};                       ///< the field that is to blame, or empty
  std::optional<std::int64_t> retry_after_ms = {}; ///< when trying again can help

  friend bool operator==(const rejection&, const rejection&) = default;
};

} // namespace reverie::events
