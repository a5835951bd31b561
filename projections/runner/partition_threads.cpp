#include "projections/runner/partition_threads.hpp"

#include <sys/resource.h>

namespace reverie::projections {

bulk_force bulk_force::beside_others() {
  auto half = of_half();
  half.gives_way = true;
  return half;
}

bulk_force bulk_force::of_half() {
  const auto half = std::max(1U, std::thread::hardware_concurrency() / 2);
  return {.side_by_side = std::min(half, partitions_side_by_side), .gives_way = false, .index_workers = 0};
}

void give_way_to_others() {
#ifdef __linux__ // where it is this thread's alone, not the process'
  constexpr int niceness = 10;
  (void)::setpriority(PRIO_PROCESS, 0, niceness); // what may not be changed stays
#endif
}

} // namespace reverie::projections
