#pragma once

#include "actors/domain/session/commands.hpp"
#include "events/model/failure.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

/// How a generation answers what models do. Pure.
namespace reverie::actors {

inline constexpr std::uint32_t generation_retries_max = 2;

/// Whether asking again can help, when nothing was streamed yet.
bool worth_another_try(const events::failure& why, std::uint32_t tries, bool streamed);

/// How long to wait before the next try: doubled each time, with jitter in [0, 1), and never less than the endpoint said.
std::chrono::milliseconds wait_before_try(std::uint32_t tries, double jitter, const std::optional<std::chrono::milliseconds>& asked_for);

/// What the person is told when the model gives nothing.
session::fail_reply failed_reply(events::message_id reply, std::uint32_t attempt, const events::failure& why);

/// At most so many bytes of a text, cut where a character ends.
std::string cut_text(std::string text, std::size_t bytes_max);

/// Ids of the commands that end an attempt: the same for every owner, so it is ended once.
events::command_id completion_of(events::message_id reply, std::uint32_t attempt);
events::command_id failure_of(events::message_id reply, std::uint32_t attempt);

} // namespace reverie::actors
