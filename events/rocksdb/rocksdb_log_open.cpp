#include "events/model/assert.hpp"
#include "events/rocksdb/log_facts.hpp"
#include "events/rocksdb/log_layout.hpp"
#include "events/rocksdb/rocksdb_log.hpp"
#include "events/rocksdb/rocksdb_status.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/table.h>

namespace reverie::events {

namespace {

rocksdb::Options tuned(const rocksdb_log_options& wanted) {
  rocksdb::Options options;
  options.create_if_missing = true;
  // What was synced must be there: damage before the tail fails the opening instead of cutting off what follows it.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = true;
  options.paranoid_checks = true;
  options.avoid_flush_during_shutdown = true;
  options.write_buffer_size = wanted.write_buffer_bytes;
  options.max_write_buffer_number = 3;
  options.max_open_files = 512;
  options.max_background_jobs = 2;
  options.bytes_per_sync = 1024 * 1024;
  options.compression = rocksdb::kLZ4Compression;
  options.keep_log_file_num = 3;
  options.max_log_file_size = 4 * 1024 * 1024;
  rocksdb::BlockBasedTableOptions table;
  table.block_size = 64 * 1024; // records are read in runs
  table.block_cache = rocksdb::NewLRUCache(wanted.cache_bytes);
  table.cache_index_and_filter_blocks = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

} // namespace

outcome<std::unique_ptr<rocksdb_log>> rocksdb_log::open(const std::filesystem::path& folder, rocksdb_log_options options) {
  REVERIE_ASSERT(options.partitions > 0 && options.partitions <= log_layout::partitions_max, "the number of partitions is checked");
  auto lock = folder_lock::take(folder);
  if (!lock) return std::unexpected(std::move(lock.error()));
  rocksdb::DB* opened = nullptr;
  auto status = rocksdb::DB::Open(tuned(options), (folder / "records").string(), &opened);
  std::unique_ptr<rocksdb::DB> database(opened);
  if (!status.ok()) return failure_of(status, "can't open the log in " + folder.string());
  auto facts = read_or_write_log_facts(*database, options.partitions);
  if (!facts) return std::unexpected(std::move(facts.error()));
  std::unique_ptr<rocksdb_log> log(new rocksdb_log(std::move(*lock), std::move(database), facts->partitions));
  if (auto found = log->find_ends(); !found) return std::unexpected(std::move(found.error()));
  log->appender_ = std::thread([raw = log.get()] { raw->run_appender(); });
  return log;
}

outcome<void> rocksdb_log::find_ends() {
  std::unique_ptr<rocksdb::Iterator> place(database_->NewIterator({}));
  for (std::uint32_t partition = 0; partition < partitions(); ++partition) {
    place->SeekForPrev(log_layout::key_of({{partition}, {~std::uint64_t{0}}}));
    if (!place->Valid()) {
      if (!place->status().ok()) return failure_of(place->status(), "can't find the end of partition " + std::to_string(partition));
      continue;
    }
    auto last = log_layout::parse_key({place->key().data(), place->key().size()});
    if (!last || last->partition.value != partition) continue;
    std::lock_guard shown(ends_[partition]->mutex);
    appended_[partition] = ends_[partition]->end = last->offset.value + 1;
  }
  return {};
}

} // namespace reverie::events
