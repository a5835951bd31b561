#include "events/replay/slice_map_check.hpp"

#include "events/codec/event_codec.hpp"

#include <algorithm>
#include <set>

namespace reverie::events {

namespace {

/// The first owner appends it at once after its announcement; failed tries may lie before.
constexpr std::size_t records_looked_at = 512;
constexpr std::size_t batch = 32;
constexpr std::chrono::milliseconds wait{1'000};
constexpr int empty_reads_max = 10;

outcome<void> compare(const partition::slices_mapped& mapped, std::uint32_t partitions) {
  const std::set<std::uint32_t> named(mapped.partition_of_slice.begin(), mapped.partition_of_slice.end());
  const auto needed = named.empty() ? 0 : *named.rbegin() + 1;
  if (needed == partitions) return {};
  return fail(failure_code::already_exists, "the log has " + std::to_string(partitions) + " partitions, but its slice map was dealt over " +
                                                std::to_string(needed) + ": the partition count of a log can't be changed");
}

} // namespace

outcome<void> check_slice_map(event_log& log) {
  const partition_number first{0};
  auto range = log.range(first);
  if (!range) return std::unexpected(std::move(range.error()));
  if (range->end == range->first) return {};
  auto reader = log.reader(first, range->first);
  if (!reader) return std::unexpected(std::move(reader.error()));
  std::vector<stored_record> records;
  int empty_reads = 0;
  for (auto next = range->first; next < range->end && next.value < range->first.value + records_looked_at;) {
    records.clear();
    auto count = (*reader)->read(records, batch, wait);
    if (!count) return std::unexpected(std::move(count.error()));
    if (*count == 0 && ++empty_reads == empty_reads_max) return fail(failure_code::unavailable, "the log does not give its first records");
    for (const auto& record : records) {
      next = record.position.offset.next();
      const auto& types = record.content.headers.types;
      if (std::ranges::none_of(types, [](const auto& type) { return type.name == partition::slices_mapped::name; })) continue;
      auto decoded = decode_events(record.content.value, {});
      if (!decoded) return std::unexpected(std::move(decoded.error()));
      for (const auto& each : decoded->events)
        if (const auto* mapped = std::get_if<partition::slices_mapped>(&each)) return compare(*mapped, log.partitions());
    }
  }
  return {};
}

} // namespace reverie::events
