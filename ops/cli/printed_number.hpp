#pragma once

#include <cstdint>

namespace reverie::ops {

/// A 64-bit number as `%llu` of printf takes it on every platform.
inline unsigned long long printed(std::uint64_t value) { return value; }

} // namespace reverie::ops
