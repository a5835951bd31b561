#include "events/log/slice_map.hpp"

#include "events/model/assert.hpp"

#include <algorithm>

namespace reverie::events {

slice_map slice_map::dealt_over(std::uint32_t partitions) {
  REVERIE_ASSERT(partitions > 0, "a log has a partition");
  slice_map map;
  for (std::uint32_t slice = 0; slice < slice_count; ++slice) map.partition_of_slice_[slice] = slice % partitions;
  return map;
}

outcome<slice_map> slice_map::from_event(const partition::slices_mapped& mapped, std::uint32_t partitions) {
  const auto& named = mapped.partition_of_slice;
  if (named.size() != slice_count) return fail(failure_code::malformed, "a slice map names " + std::to_string(named.size()) + " slices");
  if (std::ranges::any_of(named, [&](auto partition) { return partition >= partitions; })) {
    return fail(failure_code::malformed, "the slice map names a partition that the log does not have: its partition count shrank");
  }
  slice_map map;
  std::ranges::copy(named, map.partition_of_slice_.begin());
  return map;
}

partition::slices_mapped slice_map::to_event() const { return {{partition_of_slice_.begin(), partition_of_slice_.end()}}; }

} // namespace reverie::events
