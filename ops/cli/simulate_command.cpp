#include "ops/cli/commands.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace reverie::ops {

namespace {

/// It is built with the tests and lies beside this program.
std::filesystem::path simulator() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / "reverie-simulate";
}

} // namespace

exit_code run_simulate(const simulate_options& how, bool json) {
  const auto program = simulator();
  std::error_code ignored;
  if (!std::filesystem::exists(program, ignored))
    return report({events::failure_code::unavailable, program.string() + " is not there: it is built with the tests (ninja reverie-simulate)", std::nullopt});
  std::vector<std::string> words{program.string(), "--seed", std::to_string(how.seed), "--runs", std::to_string(how.runs)};
  if (how.bug) words.insert(words.end(), {"--bug", *how.bug});
  if (how.trace) words.emplace_back("--trace");
  if (json) words.emplace_back("--json");
  std::vector<char*> arguments;
  for (auto& each : words) arguments.push_back(each.data());
  arguments.push_back(nullptr);
  ::execv(program.c_str(), arguments.data()); // its exit codes are ours: 0, 1 for a violation, 2
  return report({events::failure_code::unavailable, program.string() + " can't be started: " + std::strerror(errno), std::nullopt});
}

} // namespace reverie::ops
