#pragma once

#include "events/log/memory_state_store.hpp"
#include "events/log/state_generations.hpp"

namespace reverie::events {

/// A folder that nodes share, in memory.
class memory_shared_folder {
public:
  struct item {
    kept_generation generation;
    std::shared_ptr<const memory_state_store::content> content;
    bool damaged = false;
  };
  /// Of a partition, oldest first.
  std::vector<item> items(partition_number partition) const;
  /// Each generation that is there reads as damaged from now on.
  void damage(partition_number partition);

private:
  friend class memory_state_generations;
  mutable std::mutex mutex_;
  std::map<partition_number, std::vector<item>> items_;
};

/// Generations of memory states, with a shared folder or none. An open memory state is never `locked`: it changes under its holders.
class memory_state_generations : public state_generations {
public:
  memory_state_generations(std::shared_ptr<memory_state_store_factory> states, std::shared_ptr<memory_shared_folder> shared)
      : states_(std::move(states)), shared_(std::move(shared)) {}
  outcome<std::vector<kept_generation>> kept(partition_number partition) override;
  outcome<void> take(partition_number partition, const kept_generation& generation) override;
  outcome<void> begin_anew(partition_number partition) override;
  outcome<bool> share(partition_number partition, const checkpoint_manifest& own, const chain_hash& last_hash) override;
  outcome<generation_check> check_next(partition_number partition) override;

private:
  std::shared_ptr<memory_state_store_factory> states_;
  std::shared_ptr<memory_shared_folder> shared_; ///< null: nothing is shared
};

} // namespace reverie::events
