#pragma once

#include "events/model/failure.hpp"
#include "gateway/wire/api_error.hpp"

#include <expected>
#include <string>

namespace reverie::ops {

/// A failure as an operator is told: with its sentence, which holds no personal text, where users would get a general one.
inline gateway::api_error operator_error(const events::failure& failed) {
  using events::failure_code;
  auto error = gateway::error_of(failed);
  switch (failed.code) {
  case failure_code::locked:
  case failure_code::already_exists:
  case failure_code::unknown_version:
  case failure_code::cancelled:
    error = {409, "conflict", failed.message};
    error.retry_is_useless = failed.code != failure_code::locked;
    break;
  case failure_code::not_found:
  case failure_code::malformed: error.message = failed.message; break;
  default: break;
  }
  return error;
}

/// Of a reading of histories: what was over one of its bounds says so in its own words.
inline gateway::api_error reading_error(const events::failure& failed) {
  auto error = operator_error(failed);
  if (failed.code == events::failure_code::timed_out || failed.code == events::failure_code::overloaded) error.message = failed.message;
  return error;
}

/// What can't be done as things are now.
inline std::unexpected<gateway::api_error> conflict(std::string message) { return std::unexpected(gateway::api_error{409, "conflict", std::move(message)}); }

} // namespace reverie::ops
