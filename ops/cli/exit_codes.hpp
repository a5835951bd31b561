#pragma once

#include "events/model/failure.hpp"

namespace reverie::ops {

/// What every command answers to the shell.
enum class exit_code : int {
  done = 0,
  differences = 1,    ///< the check found some
  wrong_usage = 2,
  service_missing = 3, ///< a needed service is not there
  refused = 4,        ///< state, version or lock
  failed = 5,
};

/// The exit code that fits a failure.
exit_code exit_code_of(const events::failure& why);

/// Writes `reverie: <message>` to standard error and answers the code that fits.
exit_code report(const events::failure& why);

} // namespace reverie::ops
