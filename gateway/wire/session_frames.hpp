#pragma once

#include "events/model/entity_position.hpp"
#include "events/model/event.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace reverie::gateway {

/// How a frame moves the reply under way.
enum class reply_step : std::uint8_t { none, started, ended };

/// A durable frame of a conversation: made from an event, again and again the same.
struct session_frame {
  events::entity_position position{};
  std::string text; ///< JSON
  reply_step step = reply_step::none;
  events::message_id reply{};
  std::uint32_t attempt = 0;
};

/// The frames of one record of a session, in order; events that clients are not told of give none. Pure.
std::vector<session_frame> frames_of(std::span<const events::recorded_event> record);

/// The user of a conversation, when the record is the one that opened it.
std::optional<events::user_id> opened_for(std::span<const events::recorded_event> record);

} // namespace reverie::gateway
