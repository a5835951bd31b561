#pragma once

#include "events/model/failure.hpp"
#include "events/model/time.hpp"

#include <array>
#include <atomic>
#include <filesystem>
#include <memory>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/write_buffer_manager.h>

namespace reverie::events {

/// The column families of a partition's local state. `meta` is RocksDB's default one.
enum class state_family : std::size_t { meta, blobs, history, answers, tips, effects };
inline constexpr std::array<const char*, 6> state_family_names{"default", "blobs", "history", "answers", "tips", "effects"};

/// Memory that the local states of all partitions share.
struct state_memory {
  std::shared_ptr<rocksdb::Cache> cache;
  std::shared_ptr<rocksdb::WriteBufferManager> write_buffers;

  static state_memory of(std::size_t cache_bytes, std::size_t write_buffer_bytes);
};

/// A partition's local state as an open RocksDB with its column families.
class state_database {
public:
  /// Opens or makes it. `corrupted` when it can't be trusted, `unknown_version` when a newer build made it.
  static outcome<std::unique_ptr<state_database>> open(const std::filesystem::path& folder, const state_memory& memory);
  ~state_database();
  state_database(const state_database&) = delete;
  state_database& operator=(const state_database&) = delete;

  rocksdb::DB& database() { return *database_; }
  rocksdb::ColumnFamilyHandle* family(state_family which) const { return families_[static_cast<std::size_t>(which)]; }
  /// Writes the memory tables of all families to files; writes go on meanwhile.
  rocksdb::Status flush();
  /// Answers older than what is kept before this moment may go when files are compacted.
  void saw_answer_at(timestamp at);

private:
  state_database() = default;
  outcome<void> check_version();

  std::shared_ptr<std::atomic<std::int64_t>> newest_answer_ms_ = std::make_shared<std::atomic<std::int64_t>>(0);
  std::unique_ptr<rocksdb::DB> database_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

} // namespace reverie::events
