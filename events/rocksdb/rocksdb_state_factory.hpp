#pragma once

#include "events/log/state_store.hpp"
#include "events/rocksdb/folder_lock.hpp"
#include "events/rocksdb/state_database.hpp"

#include <functional>
#include <map>
#include <mutex>

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
  std::function<void(const state_fallback&)> on_fallback = {}; ///< called while opening, on its thread
};

/// Local states in a folder, one RocksDB per partition (`<folder>/<partition>/`). The folder belongs to one process. Opening a
/// partition that is open gives the same store. Thread-safe.
class rocksdb_state_factory : public state_store_factory {
public:
  static outcome<std::unique_ptr<rocksdb_state_factory>> open_folder(const std::filesystem::path& folder, rocksdb_state_options options = {});

  outcome<std::shared_ptr<state_store>> open(partition_number partition) override;

private:
  rocksdb_state_factory(folder_lock lock, std::filesystem::path folder, rocksdb_state_options options);

  folder_lock lock_;
  std::filesystem::path folder_;
  rocksdb_state_options options_;
  state_memory memory_;
  std::mutex mutex_;
  std::map<partition_number, std::weak_ptr<state_store>> opened_;
};

} // namespace reverie::events
