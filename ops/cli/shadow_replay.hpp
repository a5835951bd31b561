#pragma once

#include "ops/cli/exit_codes.hpp"
#include "ops/cli/invocation.hpp"
#include "ops/cli/log_access.hpp"

namespace reverie::ops {

/// `replay --all --save-states FILE` and `--against FILE`: what a change of rules would have done to every entity, told before it serves.
exit_code run_shadow_replay(const log_access& access, const replay_options& how, bool json);

} // namespace reverie::ops
