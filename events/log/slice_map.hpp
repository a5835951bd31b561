#pragma once

#include "events/model/failure.hpp"
#include "events/model/ids.hpp"
#include "events/model/partition_events.hpp"

#include <array>

namespace reverie::events {

/// Which partition each slice lives in, as the log says (`partition.slices_mapped` in partition 0). A value.
class slice_map {
public:
  /// The first map of a log with that many partitions: slices dealt round.
  static slice_map dealt_over(std::uint32_t partitions);
  /// The map an event says. `malformed` when it does not name a partition below `partitions` for each slice.
  static outcome<slice_map> from_event(const partition::slices_mapped& mapped, std::uint32_t partitions);

  partition::slices_mapped to_event() const;
  partition_number partition_of(const uuid& slice_key) const { return {partition_of_slice_[slice_of(slice_key)]}; }

  friend bool operator==(const slice_map&, const slice_map&) = default;

private:
  std::array<std::uint32_t, slice_count> partition_of_slice_{};
};

} // namespace reverie::events
