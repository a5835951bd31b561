#pragma once

#include "events/log/event_log.hpp"
#include "events/rocksdb/folder_lock.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace rocksdb {
class DB;
}

namespace reverie::events {

struct rocksdb_log_options {
  std::uint32_t partitions = 4;                     ///< of a fresh log; one that exists keeps its own number
  std::size_t write_buffer_bytes = 32 * 1024 * 1024; ///< three of them at most
  std::size_t cache_bytes = 32 * 1024 * 1024;
};

/// The embedded log: one RocksDB in a folder of one process. A single thread appends: what queues up while it waits for the disk is
/// the next batch, one synced write. An acknowledged record survives kill −9 and power loss; a torn tail that was never acknowledged
/// is cut off at opening; any other damage is found by checksum and named, never skipped. On a full disk appends answer `no_space`
/// and work again once there is room. Thread-safe.
class rocksdb_log : public event_log {
public:
  /// Opens or makes the log. `locked` when another process has it, `unknown_version` when a newer build made it, `corrupted` when
  /// what was synced can't be read back.
  static outcome<std::unique_ptr<rocksdb_log>> open(const std::filesystem::path& folder, rocksdb_log_options options = {});
  /// Opens a log for reading only, also while a server has it (RocksDB's secondary instance): appends answer `fenced`, what the server
  /// appends shows up within `follow_interval`. `not_found` when there is no log. For tools beside the server.
  static outcome<std::unique_ptr<rocksdb_log>> open_beside(const std::filesystem::path& folder);
  static constexpr std::chrono::milliseconds follow_interval{200};
  ~rocksdb_log() override;

  std::uint32_t partitions() const override;
  void append(partition_number partition, record content, append_done done) override;
  outcome<log_range> range(partition_number partition) override;
  outcome<std::unique_ptr<log_reader>> reader(partition_number partition, log_offset from) override;
  outcome<void> reset_writer(partition_number partition) override;
  void close() override;

  /// Synced writes so far; appends divided by it is the size of a group.
  std::uint64_t batches_written() const { return batches_.load(); }

private:
  friend class rocksdb_log_reader;

  struct queued_append {
    partition_number partition{};
    std::string bytes;
    append_done done;
  };
  /// The end of a partition: what readers wait for.
  struct partition_end {
    std::mutex mutex;
    std::condition_variable grown;
    std::uint64_t end = 0;
    bool closed = false;
  };
  using batch = std::vector<queued_append>;

  rocksdb_log(std::optional<folder_lock> lock, std::unique_ptr<rocksdb::DB> database, std::uint32_t partitions);

  outcome<void> find_ends();
  void follow_owner(std::stop_token stop);
  void run_appender();
  batch next_batch();
  void write(batch& work);
  outcome<void> write_synced(const batch& work, const std::vector<log_offset>& offsets);
  void publish(const std::vector<std::uint64_t>& ends);

  std::optional<folder_lock> lock_;          ///< none: opened beside the owner, for reading only
  std::filesystem::path scratch_;            ///< of a secondary instance; removed with it
  std::unique_ptr<rocksdb::DB> database_;
  std::vector<std::unique_ptr<partition_end>> ends_;
  std::vector<std::uint64_t> appended_; ///< the appender's own view of the ends

  std::mutex queue_mutex_;
  std::condition_variable queue_filled_;
  std::deque<queued_append> queue_;
  std::size_t queue_bytes_ = 0;
  bool closing_ = false;
  std::optional<failure_code> broken_; ///< why the last write failed: the database has to resume first (appender only)
  std::atomic<std::uint64_t> batches_{0};
  std::thread appender_;
  std::jthread follower_; ///< of a log opened beside its owner
};

} // namespace reverie::events
