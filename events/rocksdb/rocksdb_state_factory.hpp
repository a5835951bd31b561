#pragma once

#include "events/log/state_generations.hpp"
#include "events/rocksdb/folder_lock.hpp"
#include "events/rocksdb/state_checkpoints.hpp"
#include "events/rocksdb/state_database.hpp"
#include "events/rocksdb/state_share.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <set>

namespace reverie::events {

/// What opening a partition's state had to give up.
struct state_fallback {
  partition_number partition{};
  std::optional<std::uint64_t> generation; ///< what it fell back to; nothing: an empty state, replay from the start
  failure reason;
};

struct rocksdb_state_options {
  std::size_t cache_bytes = 64 * 1024 * 1024; ///< for all partitions together, memory tables included
  std::size_t write_buffer_bytes = 48 * 1024 * 1024;
  std::string code_version = {};              ///< of this build, for manifests
  std::filesystem::path shared = {};          ///< a folder of this very log that all nodes reach; empty: nothing is shared
  std::function<void(const state_fallback&)> on_fallback = {}; ///< called while opening, on its thread
  std::function<void(partition_number, const failure&)> on_trouble = {}; ///< the shared folder can't be read; on any thread
};

/// Local states in a folder, one RocksDB per partition (`<folder>/<partition>/`). The folder belongs to one process. Opening a
/// partition that is open gives the same store. Thread-safe.
class rocksdb_state_factory : public state_store_factory, public state_generations {
public:
  static outcome<std::unique_ptr<rocksdb_state_factory>> open_folder(const std::filesystem::path& folder, rocksdb_state_options options = {});

  outcome<std::shared_ptr<state_store>> open(partition_number partition) override;

  // rocksdb_state_generations.cpp
  outcome<std::vector<kept_generation>> kept(partition_number partition) override;
  outcome<void> take(partition_number partition, const kept_generation& generation) override;
  outcome<void> begin_anew(partition_number partition) override;
  outcome<bool> share(partition_number partition, const checkpoint_manifest& own, const chain_hash& last_hash) override;
  outcome<generation_check> check_next(partition_number partition) override;

private:
  class claim;
  rocksdb_state_factory(folder_lock lock, std::filesystem::path folder, rocksdb_state_options options);

  state_checkpoints generations_of(partition_number partition) const { return state_checkpoints{folder_ / std::to_string(partition.value)}; }

  folder_lock lock_;
  std::filesystem::path folder_;
  rocksdb_state_options options_;
  state_memory memory_;
  std::mutex mutex_;
  std::map<partition_number, std::weak_ptr<state_store>> opened_;
  std::set<partition_number> replaced_; ///< being replaced now
  std::map<partition_number, std::size_t> checks_;
};

} // namespace reverie::events
