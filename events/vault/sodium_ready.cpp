#include "events/vault/sodium_ready.hpp"

#include "events/model/assert.hpp"

#include <sodium.h>

namespace reverie::events {

void sodium_ready() {
  static const bool ready = sodium_init() >= 0;
  REVERIE_ASSERT(ready, "libsodium can't start");
}

} // namespace reverie::events
