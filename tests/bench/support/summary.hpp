#pragma once

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <format>
#include <fstream>
#include <string>

namespace reverie::bench {

/// One line of the table that ops/bench prints at the end.
struct summary_row {
  std::string path;    ///< what was measured
  std::string figure;  ///< with its unit
  std::string against; ///< the bare loop of the same run, with its figure
  double ratio = 0;    ///< of the two; 0: there is none
  std::string aim;
};

/// Adds a line to the file REVERIE_BENCH_TABLE names, or prints it.
inline void report(const summary_row& row) {
  const auto line = std::format("{} | {} | {} | {} | {}\n", row.path, row.figure, row.against,
                                row.ratio > 0 ? std::format("{:.2f}", row.ratio) : std::string("-"), row.aim);
  if (const char* file = std::getenv("REVERIE_BENCH_TABLE"); file != nullptr) std::ofstream(file, std::ios::app) << line;
  else std::fputs(line.c_str(), stderr);
}

/// CPU time this process used so far, in microseconds.
inline double own_cpu_us() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) * 1e6 + static_cast<double>(used.tv_nsec) / 1e3;
}

} // namespace reverie::bench
