#pragma once

#include "ops/cli/exit_codes.hpp"
#include "ops/cli/invocation.hpp"
#include "ops/server/settings.hpp"

namespace reverie::ops {

/// The commands of `reverie`: results on standard output, progress and messages on standard error.
exit_code run_migrate(const settings& given, bool json);
exit_code run_replay(const settings& given, const replay_options& how, bool json);
exit_code run_fork(const settings& given, const fork_options& how, bool json);
exit_code run_effects(const settings& given, const effects_options& how, bool json, bool yes);
exit_code run_events(const settings& given, const events_options& how, bool json);
/// `events export` and `events import`.
exit_code run_copy(const settings& given, const events_options& how, bool json);
exit_code run_rebuild(const settings& given, const rebuild_options& how, bool json, bool yes);
exit_code run_letters(const settings& given, const letters_options& how, bool json, bool yes);
exit_code run_vectors(const settings& given, const vectors_options& how, bool json, bool yes);
exit_code run_projections(const settings& given, const projections_options& how, bool json, bool yes);
exit_code run_verify(const settings& given, const verify_options& how, bool json);
exit_code run_vault(const settings& given, const vault_options& how, bool json);
exit_code run_users(const settings& given, const users_options& how, bool json);
exit_code run_config(const settings& given, const config_options& how, bool json);
/// Becomes the program of tests/simulation.
exit_code run_simulate(const simulate_options& how, bool json);

/// Resolves settings and runs what was typed.
exit_code run(const invocation& typed);

} // namespace reverie::ops
