#pragma once

#include <unistd.h>

#include <cstddef>
#include <fstream>
#include <string>

namespace reverie::bench {

/// Resident memory of a process in bytes.
inline std::size_t resident_bytes(int process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/statm");
  std::size_t whole = 0, resident = 0;
  status >> whole >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

} // namespace reverie::bench
