#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace reverie::events {

/// Why something that touches the outside did not work. The numbers are process-local.
enum class failure_code {
  unavailable = 1,    ///< the service is not there now; trying again can help
  timed_out,          ///< no answer within the deadline; the outcome may be unknown
  outcome_unknown,    ///< an append may or may not be in the log: announce a fresh epoch and read up to it
  fenced,             ///< another writer owns the partition now
  corrupted,          ///< stored bytes do not match their checksum or chain; the message names the place
  no_space,           ///< the disk is full
  too_large,          ///< over a limit of events/model/limits.hpp
  malformed,          ///< bytes that do not parse
  not_found,          ///< the thing asked for is not there
  already_exists,     ///< a unique value is taken (an e-mail address, say)
  unknown_version,    ///< written by a newer build
  key_destroyed,      ///< the person's data key is gone: what it sealed can't be read any more
  key_unavailable,    ///< the person's data key is not in memory and the vault can't be reached
  locked,             ///< another process holds the data folder
  overloaded,         ///< a bounded queue is full; see retry_after
  cancelled,          ///< stopped on request
  stopping,           ///< the server is going down
};

/// An I/O failure: code, a sentence for the log and the operator (never personal text), and when to try again.
struct failure {
  failure_code code;
  std::string message;
  std::optional<std::chrono::milliseconds> retry_after = std::nullopt;
};

/// The one alias for results of what can fail.
template <class T>
using outcome = std::expected<T, failure>;

/// Makes the error side of an outcome.
inline std::unexpected<failure> fail(failure_code code, std::string message) {
  return std::unexpected(failure{code, std::move(message), std::nullopt});
}

/// The stable name of a code, for logs, metrics and `--json`.
std::string_view name_of(failure_code code);

} // namespace reverie::events
