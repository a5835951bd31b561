#pragma once

namespace reverie::events {

/// Initialises libsodium once, whoever calls first; aborts if the machine has no source of randomness.
void sodium_ready();

} // namespace reverie::events
