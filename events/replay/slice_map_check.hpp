#pragma once

#include "events/log/event_log.hpp"

namespace reverie::events {

/// Holds a log to the slice map that stands near the start of its partition 0: the map must be dealt over as many partitions as the log has.
/// With fewer, people's events would be looked for where they are not; with more, somebody has changed what can't be changed. `already_exists`
/// names both numbers. A log without a map yet is as good as any. Reads at most some hundred records; blocks.
outcome<void> check_slice_map(event_log& log);

} // namespace reverie::events
