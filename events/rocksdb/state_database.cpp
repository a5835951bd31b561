#include "events/rocksdb/state_database.hpp"

#include "events/model/limits.hpp"
#include "events/rocksdb/rocksdb_status.hpp"
#include "events/rocksdb/state_layout.hpp"

#include <rocksdb/compaction_filter.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

namespace reverie::events {

namespace {

constexpr std::string_view version_key = "layout_version";

/// A day more than promised, so that an answer is never gone early.
constexpr std::int64_t answers_kept_ms =
    std::chrono::duration_cast<std::chrono::milliseconds>(limits::command_answer_kept + std::chrono::hours{24}).count();

/// Lets go of answers nobody may ask for any more, measured against the newest one and not the clock, so that a server that was off
/// for a month still has its last answers.
class expired_answers : public rocksdb::CompactionFilter {
public:
  explicit expired_answers(std::int64_t newest_ms) : oldest_kept_(newest_ms - answers_kept_ms) {}
  bool Filter(int, const rocksdb::Slice&, const rocksdb::Slice& value, std::string*, bool*) const override {
    auto at = state_layout::answer_time({value.data(), value.size()});
    return at && to_milliseconds(*at) < oldest_kept_;
  }
  const char* Name() const override { return "expired_answers"; }

private:
  std::int64_t oldest_kept_;
};

class expired_answers_factory : public rocksdb::CompactionFilterFactory {
public:
  explicit expired_answers_factory(std::shared_ptr<std::atomic<std::int64_t>> newest_ms) : newest_ms_(std::move(newest_ms)) {}
  std::unique_ptr<rocksdb::CompactionFilter> CreateCompactionFilter(const rocksdb::CompactionFilter::Context&) override {
    return std::make_unique<expired_answers>(newest_ms_->load());
  }
  const char* Name() const override { return "expired_answers_factory"; }

private:
  std::shared_ptr<std::atomic<std::int64_t>> newest_ms_;
};

rocksdb::DBOptions database_options(const state_memory& memory) {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  // Not synced: after a power failure the state may end earlier than it did, at one consistent moment, and the log fills it up.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.paranoid_checks = true;
  options.avoid_flush_during_shutdown = true;
  options.write_buffer_manager = memory.write_buffers;
  options.max_open_files = 256;
  options.max_background_jobs = 2;
  options.max_total_wal_size = 64 * 1024 * 1024;
  options.keep_log_file_num = 2;
  options.max_log_file_size = 1024 * 1024;
  return options;
}

rocksdb::ColumnFamilyOptions family_options(const state_memory& memory) {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = 8 * 1024 * 1024;
  // Memory is taken in pieces of this size, and what is taken counts against the memory that all partitions share: with the default
  // (an eighth of the buffer) eight partitions with six families each used it up with nothing in it, and wrote files all the time.
  options.arena_block_size = 32 * 1024;
  options.compression = rocksdb::kLZ4Compression;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = memory.cache;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

} // namespace

state_memory state_memory::of(std::size_t cache_bytes, std::size_t write_buffer_bytes) {
  auto cache = rocksdb::NewLRUCache(cache_bytes);
  return {cache, std::make_shared<rocksdb::WriteBufferManager>(write_buffer_bytes, cache)};
}

outcome<std::unique_ptr<state_database>> state_database::open(const std::filesystem::path& folder, const state_memory& memory) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(failure_code::unavailable, "can't make the folder " + folder.string() + ": " + error.message());
  std::unique_ptr<state_database> opened(new state_database());
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (std::size_t i = 0; i < state_family_names.size(); ++i) {
    auto options = family_options(memory);
    if (i == static_cast<std::size_t>(state_family::answers)) {
      // Most look-ups of answers are for a command never seen: a filter in memory answers those.
      options.memtable_whole_key_filtering = true;
      options.memtable_prefix_bloom_size_ratio = 0.02;
      options.compaction_filter_factory = std::make_shared<expired_answers_factory>(opened->newest_answer_ms_);
    }
    families.emplace_back(state_family_names[i], options);
  }
  rocksdb::DB* database = nullptr;
  auto status = rocksdb::DB::Open(database_options(memory), folder.string(), families, &opened->families_, &database);
  opened->database_.reset(database);
  if (!status.ok()) return failure_of(status, "can't open the state in " + folder.string());
  if (auto checked = opened->check_version(); !checked) return std::unexpected(std::move(checked.error()));
  return opened;
}

outcome<void> state_database::check_version() {
  std::string value;
  rocksdb::Slice key(version_key.data(), version_key.size());
  auto status = database_->Get({}, key, &value);
  auto mine = std::to_string(state_layout::version);
  if (status.IsNotFound()) {
    status = database_->Put({}, key, mine);
    if (!status.ok()) return failure_of(status, "can't write the state's version");
    return {};
  }
  if (!status.ok()) return failure_of(status, "can't read the state's version");
  if (value != mine) return fail(failure_code::unknown_version, "another build made this local state (version " + value + ")");
  return {};
}

state_database::~state_database() {
  for (auto* family : families_) {
    if (database_) database_->DestroyColumnFamilyHandle(family);
  }
}

rocksdb::Status state_database::flush() { return database_->Flush({}, families_); }

void state_database::saw_answer_at(timestamp at) {
  auto ms = to_milliseconds(at);
  auto newest = newest_answer_ms_->load();
  while (newest < ms && !newest_answer_ms_->compare_exchange_weak(newest, ms)) {}
}

} // namespace reverie::events
