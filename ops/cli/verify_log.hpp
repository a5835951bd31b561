#pragma once

#include "ops/cli/exit_codes.hpp"
#include "ops/cli/invocation.hpp"
#include "ops/cli/log_access.hpp"

namespace reverie::ops {

/// `replay --all --verify`: every record of every partition, its chains and states. Goes on where an interrupted one stood; one that came to
/// the end is forgotten, so that the next begins anew.
exit_code run_log_verification(const log_access& access, const replay_options& how, bool json);

} // namespace reverie::ops
