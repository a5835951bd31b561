#pragma once

#include "events/model/failure.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <optional>
#include <thread>
#include <vector>

namespace reverie::projections {

/// How many partitions are worked on side by side: each has a connection.
inline constexpr std::uint32_t partitions_side_by_side = 8;

/// Runs `work(partition)` for every partition on a few threads; answers the first failure, in order of partitions. After a failure no
/// further partition is begun.
template <class Work>
events::outcome<void> for_each_partition(std::uint32_t partitions, Work&& work) {
  std::atomic<std::uint32_t> next{0};
  std::atomic<bool> failed{false};
  std::vector<std::optional<events::outcome<void>>> ended(partitions);
  {
    std::vector<std::jthread> threads;
    for (std::uint32_t i = 0; i < std::min(partitions, partitions_side_by_side); ++i)
      threads.emplace_back([&] {
        for (std::uint32_t mine = next++; mine < partitions && !failed; mine = next++) {
          ended[mine] = work(mine);
          if (!*ended[mine]) failed = true;
        }
      });
  }
  for (auto& each : ended)
    if (each && !*each) return *each;
  return {};
}

} // namespace reverie::projections
