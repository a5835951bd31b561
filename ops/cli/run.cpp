#include "ops/cli/commands.hpp"
#include "ops/cli/progress_bar.hpp"
#include "ops/cli/serve_command.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace reverie::ops {

namespace {

template <class... Cases>
struct cases : Cases... {
  using Cases::operator()...;
};

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

std::optional<std::string> read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

/// The settings' file: the one that is named, which must be there, or `reverie.toml` in the data folder, which need not.
events::outcome<std::string> settings_file(const std::map<std::string, std::string>& flags) {
  auto value_of = [&](const char* flag, const char* variable) -> std::optional<std::string> {
    if (auto found = flags.find(flag); found != flags.end()) return found->second;
    return environment(variable);
  };
  if (auto named = value_of("config", "REVERIE_CONFIG")) {
    if (auto text = read(*named)) return *text;
    return events::fail(events::failure_code::malformed, "can't read the settings file " + *named);
  }
  return read(std::filesystem::path(value_of("data", "REVERIE_DATA").value_or(".reverie")) / "reverie.toml").value_or("");
}

} // namespace

exit_code run(const invocation& typed) {
  if (typed.json) hush_progress();
  auto file = settings_file(typed.settings);
  if (!file) return report(file.error());
  auto given = settings::resolve(typed.settings, environment, *file);
  if (!given) return report(given.error());
  return std::visit(cases{[&](const serve_options&) { return run_serve(*given); },
                          [&](const migrate_options&) { return run_migrate(*given, typed.json); },
                          [&](const replay_options& how) { return run_replay(*given, how, typed.json); },
                          [&](const fork_options& how) { return run_fork(*given, how, typed.json); },
                          [&](const effects_options& how) { return run_effects(*given, how, typed.json, typed.yes); },
                          [&](const rebuild_options& how) { return run_rebuild(*given, how, typed.json, typed.yes); },
                          [&](const letters_options& how) { return run_letters(*given, how, typed.json, typed.yes); },
                          [&](const projections_options& how) { return run_projections(*given, how, typed.json, typed.yes); },
                          [&](const vectors_options& how) { return run_vectors(*given, how, typed.json, typed.yes); },
                          [&](const verify_options& how) { return run_verify(*given, how, typed.json); },
                          [&](const events_options& how) { return run_events(*given, how, typed.json); },
                          [&](const vault_options& how) { return run_vault(*given, how, typed.json); },
                          [&](const users_options& how) { return run_users(*given, how, typed.json); },
                          [&](const config_options& how) { return run_config(*given, how, typed.json); },
                          [&](const simulate_options& how) { return run_simulate(how, typed.json); }},
                    typed.command);
}

} // namespace reverie::ops
