#pragma once

#include <cstdio>
#include <cstdlib>

/// Aborts when a broken invariant would otherwise let the server act on a wrong state. Never for input: bad input is a
/// rejection or a failure.
#define REVERIE_ASSERT(condition, message)                                                                           \
  do {                                                                                                               \
    if (!(condition)) [[unlikely]] {                                                                                 \
      std::fprintf(stderr, "invariant broken: %s (%s) at %s:%d\n", message, #condition, __FILE__, __LINE__);         \
      std::abort();                                                                                                  \
    }                                                                                                                \
  } while (false)
