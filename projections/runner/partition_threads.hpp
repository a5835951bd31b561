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

/// How a bulk shares the machine with those who are served meanwhile. Resting now and then helps them little: they wait behind what runs between the rests.
struct bulk_force {
  std::uint32_t side_by_side = partitions_side_by_side;
  bool gives_way = false; ///< its threads get a tenth of what others get when all want the cores (Linux)
  unsigned index_workers = 2;

  /// Half of the cores, and no parallel workers in Postgres.
  static bulk_force beside_others();
  /// The same at the usual priority: for what only reads and somebody waits for, which should end on a full machine too.
  static bulk_force of_half();
};

/// The calling thread gets a smaller share of the cores than others from now on, where the system can do that.
void give_way_to_others();

/// Runs `work(partition)` for every partition on a few threads; answers the first failure, in order of partitions. After a failure no
/// further partition is begun.
template <class Work>
events::outcome<void> for_each_partition(std::uint32_t partitions, Work&& work, const bulk_force& with = {}) {
  std::atomic<std::uint32_t> next{0};
  std::atomic<bool> failed{false};
  std::vector<std::optional<events::outcome<void>>> ended(partitions);
  {
    std::vector<std::jthread> threads;
    for (std::uint32_t i = 0; i < std::min(partitions, with.side_by_side); ++i)
      threads.emplace_back([&] {
        if (with.gives_way) give_way_to_others();
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
