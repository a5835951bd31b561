#include "events/rocksdb/rocksdb_state_factory.hpp"

#include "events/rocksdb/rocksdb_state_store.hpp"
#include "events/rocksdb/state_checkpoints.hpp"

namespace reverie::events {

outcome<std::unique_ptr<rocksdb_state_factory>> rocksdb_state_factory::open_folder(const std::filesystem::path& folder,
                                                                                   rocksdb_state_options options) {
  auto lock = folder_lock::take(folder);
  if (!lock) return std::unexpected(std::move(lock.error()));
  return std::unique_ptr<rocksdb_state_factory>(new rocksdb_state_factory(std::move(*lock), folder, std::move(options)));
}

rocksdb_state_factory::rocksdb_state_factory(folder_lock lock, std::filesystem::path folder, rocksdb_state_options options)
    : lock_(std::move(lock)), folder_(std::move(folder)), options_(std::move(options)),
      memory_(state_memory::of(options_.cache_bytes, options_.write_buffer_bytes)) {}

outcome<std::shared_ptr<state_store>> rocksdb_state_factory::open(partition_number partition) {
  std::lock_guard lock(mutex_);
  if (auto open_already = opened_[partition].lock()) return open_already;
  if (replaced_.contains(partition)) return fail(failure_code::locked, "the state of partition " + std::to_string(partition.value) + " is being replaced");
  auto generations = generations_of(partition);
  auto untrusted = [&](const failure& why) { return why.code == failure_code::corrupted; };
  outcome<std::unique_ptr<state_database>> database = fail(failure_code::corrupted, "damage was met when it was last open");
  if (!generations.is_suspect()) database = state_database::open(generations.current(), memory_);
  // Each round drops at least one generation, so this ends, with an empty state at last.
  while (!database && untrusted(database.error())) {
    auto restored = generations.restore_newest_good();
    if (!restored) return std::unexpected(std::move(restored.error()));
    if (options_.on_fallback) options_.on_fallback({partition, *restored, database.error()});
    database = state_database::open(generations.current(), memory_);
    if (!database && untrusted(database.error()) && *restored) generations.drop(**restored);
    if (!*restored) break;
  }
  if (!database) return std::unexpected(std::move(database.error()));
  auto store = std::make_shared<rocksdb_state_store>(std::move(*database), std::move(generations), options_.code_version);
  opened_[partition] = store;
  return store;
}

} // namespace reverie::events
