#include "ops/cli/interrupts.hpp"

#include <csignal>

namespace reverie::ops {

namespace {
volatile std::sig_atomic_t noted = 0;
} // namespace

void note_interrupts() {
  std::signal(SIGINT, [](int) { noted = 1; });
}

bool interrupted() { return noted != 0; }

} // namespace reverie::ops
