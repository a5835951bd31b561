#include "ops/cli/commands.hpp"

#include <cstdio>

int main(int argc, char** argv) {
  using namespace reverie::ops;
  auto parsed = parse_command_line(argc, argv);
  if (const auto* answer = std::get_if<printed_answer>(&parsed)) {
    std::fputs(answer->text.c_str(), answer->is_error ? stderr : stdout);
    return static_cast<int>(answer->is_error ? exit_code::wrong_usage : exit_code::done);
  }
  return static_cast<int>(run(std::get<invocation>(parsed)));
}
