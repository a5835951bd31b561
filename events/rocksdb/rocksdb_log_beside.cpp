#include "events/rocksdb/log_facts.hpp"
#include "events/rocksdb/rocksdb_log.hpp"
#include "events/rocksdb/rocksdb_status.hpp"

#include <rocksdb/db.h>

#include <cstdlib>

namespace reverie::events {

namespace {

/// A secondary instance writes its own information log somewhere; nothing else.
outcome<std::filesystem::path> make_scratch() {
  std::error_code error;
  auto name = (std::filesystem::temp_directory_path(error) / "reverie-log-XXXXXX").string();
  if (error || ::mkdtemp(name.data()) == nullptr) return fail(failure_code::unavailable, "can't make a temporary folder");
  return std::filesystem::path(name);
}

} // namespace

outcome<std::unique_ptr<rocksdb_log>> rocksdb_log::open_beside(const std::filesystem::path& folder) {
  auto records = folder / "records";
  std::error_code error;
  if (!std::filesystem::exists(records, error)) return fail(failure_code::not_found, "there is no log in " + folder.string());
  auto scratch = make_scratch();
  if (!scratch) return std::unexpected(std::move(scratch.error()));
  rocksdb::Options options;
  options.max_open_files = -1; // a secondary must keep the files it knows, as the owner may remove them
  // Each look that finds a new file would start fifteen threads besides its own to open it, and the owner's people would wait for their turn behind them.
  options.max_file_opening_threads = 1;
  rocksdb::DB* opened = nullptr;
  auto status = rocksdb::DB::OpenAsSecondary(options, records.string(), scratch->string(), &opened);
  std::unique_ptr<rocksdb::DB> database(opened);
  if (!status.ok()) {
    std::filesystem::remove_all(*scratch, error);
    return failure_of(status, "can't open the log in " + folder.string() + " for reading");
  }
  auto facts = read_log_facts(*database);
  if (!facts) return std::unexpected(std::move(facts.error()));
  std::unique_ptr<rocksdb_log> log(new rocksdb_log(std::nullopt, std::move(database), facts->partitions));
  log->scratch_ = *scratch;
  if (auto found = log->find_ends(); !found) return std::unexpected(std::move(found.error()));
  log->follower_ = std::jthread([raw = log.get()](std::stop_token stop) { raw->follow_owner(stop); });
  return log;
}

void rocksdb_log::follow_owner(std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any pause;
  std::unique_lock lock(mutex);
  while (!pause.wait_for(lock, stop, follow_interval, [] { return false; }) && !stop.stop_requested()) {
    // A failed look is repeated by the next one: the readers just see no growth until then.
    if (!database_->TryCatchUpWithPrimary().ok() || !find_ends()) continue;
    for (auto& shown : ends_) shown->grown.notify_all();
  }
}

} // namespace reverie::events
