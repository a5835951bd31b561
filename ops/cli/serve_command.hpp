#pragma once

#include "ops/cli/exit_codes.hpp"
#include "ops/server/settings.hpp"

namespace reverie::ops {

/// Serves until SIGINT or SIGTERM: prints `serving: http://…` when commands are accepted.
exit_code run_serve(const settings& given);

} // namespace reverie::ops
