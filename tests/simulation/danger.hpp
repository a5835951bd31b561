#pragma once

#include <cstddef>
#include <cstdint>

/// A demonstration that the danger is real: the same schedule of zombies, lost reports and late records against a plain loop, which
/// acknowledges on the delivery report and reads whatever is in the log, and against the server.
namespace reverie::simulation {

struct outcome_of_danger {
  std::size_t acknowledged = 0; ///< lines whose sender was told that they are kept
  std::size_t lost = 0;         ///< of those: not known to the process that serves at the end
  std::size_t doubled = 0;      ///< lines that stand twice in what a reader makes of the log
};

outcome_of_danger endanger_plain_loop(std::uint64_t seed);
outcome_of_danger endanger_server(std::uint64_t seed);

} // namespace reverie::simulation
