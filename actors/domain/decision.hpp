#pragma once

#include "events/model/event.hpp"
#include "events/model/rejection.hpp"

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace reverie::actors {

using events::event;
using events::rejection;
using events::rejection_code;
using events::timestamp;
using events::uuid;

/// All that a decision may know beside state and command: time, ids and who asks reach it as arguments.
struct decision_context {
  timestamp now{};
  events::user_id caller{};   ///< nil for the system itself
  std::array<std::uint8_t, 16> seed{}; ///< random bytes of this command, the source of every fresh id
  events::entity_address self{};       ///< the entity that decides; its own id stands in the event that makes it

  /// The n-th fresh id of this decision (version 7, of `now`).
  uuid fresh_id(std::uint64_t n) const;
};

/// What a command led to: the events of one record (none: it was already so) and the id the answer names.
struct accepted {
  std::vector<event> events;
  uuid subject{};
  std::size_t left_out = 0;  ///< things a limit kept out, so that the operator sees it
  std::string remark = {};   ///< which and why, for the operator's log; no personal text
};

/// Events or a rejection; pure.
using decision = std::expected<accepted, rejection>;

inline std::unexpected<rejection> reject(rejection_code code, std::string message, std::string param = {}) {
  return std::unexpected(rejection{code, std::move(message), std::move(param), std::nullopt});
}

/// The id an answer names, taken from the record alone: so a command asked again gets the same answer after any restart.
uuid subject_of(std::span<const event> events);

} // namespace reverie::actors
