#include "events/rocksdb/rocksdb_log.hpp"

#include "events/model/assert.hpp"
#include "events/model/limits.hpp"
#include "events/rocksdb/log_layout.hpp"
#include "events/rocksdb/rocksdb_log_reader.hpp"
#include "events/rocksdb/rocksdb_status.hpp"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

namespace reverie::events {

rocksdb_log::rocksdb_log(std::optional<folder_lock> lock, std::unique_ptr<rocksdb::DB> database, std::uint32_t partitions)
    : lock_(std::move(lock)), database_(std::move(database)), appended_(partitions, 0) {
  for (std::uint32_t i = 0; i < partitions; ++i) ends_.push_back(std::make_unique<partition_end>());
}

rocksdb_log::~rocksdb_log() {
  close();
  database_.reset();
  std::error_code ignored;
  if (!scratch_.empty()) std::filesystem::remove_all(scratch_, ignored);
}

std::uint32_t rocksdb_log::partitions() const { return static_cast<std::uint32_t>(ends_.size()); }

void rocksdb_log::append(partition_number partition, record content, append_done done) {
  if (partition.value >= partitions()) return done(fail(failure_code::not_found, "no such partition"));
  if (!lock_) return done(fail(failure_code::fenced, "the log is opened for reading beside the server that owns it"));
  auto size = encoded_size(content);
  if (size > limits::record_bytes) {
    return done(fail(failure_code::too_large, "a record of " + std::to_string(size) + " bytes is over the limit"));
  }
  queued_append work{partition, encode_record(content), std::move(done)};
  failure refused{failure_code::stopping, "the log is closed"};
  {
    std::lock_guard lock(queue_mutex_);
    bool full = queue_.size() >= limits::append_queue_records || queue_bytes_ + size > limits::append_queue_bytes;
    if (!closing_ && !full) {
      queue_bytes_ += size;
      queue_.push_back(std::move(work));
      if (queue_.size() == 1) queue_filled_.notify_one();
      return;
    }
    if (!closing_) refused = {failure_code::overloaded, "the log's queue is full", limits::overloaded_retry_after_ms};
  }
  work.done(std::unexpected(std::move(refused)));
}

rocksdb_log::batch rocksdb_log::next_batch() {
  std::unique_lock lock(queue_mutex_);
  queue_filled_.wait(lock, [this] { return closing_ || !queue_.empty(); });
  batch work;
  std::size_t bytes = 0;
  while (!queue_.empty() && work.size() < limits::append_batch_records) {
    bytes += queue_.front().bytes.size();
    if (!work.empty() && bytes > limits::append_batch_bytes) break;
    queue_bytes_ -= queue_.front().bytes.size();
    work.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return work;
}

void rocksdb_log::run_appender() {
  for (;;) {
    auto work = next_batch();
    if (work.empty()) return;
    write(work);
  }
}

outcome<void> rocksdb_log::write_synced(const batch& work, const std::vector<log_offset>& offsets) {
  // After a failed write RocksDB refuses all others until it has put its memory on disk, which needs room.
  if (broken_) {
    auto resumed = database_->Resume();
    if (!resumed.ok()) {
      auto failed = failure_of(resumed, "the log can't write yet");
      // Nothing was tried: "busy" only says that RocksDB itself is at it.
      failed.error().code = *broken_ == failure_code::no_space ? failure_code::no_space : failure_code::unavailable;
      return failed;
    }
    broken_.reset();
  }
  rocksdb::WriteBatch changes;
  for (std::size_t i = 0; i < work.size(); ++i) {
    auto key = log_layout::key_of({work[i].partition, offsets[i]});
    changes.Put(key, log_layout::value_of(key, work[i].bytes));
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  auto status = database_->Write(synced, &changes);
  if (status.ok()) return {};
  auto failed = failure_of(status, "can't append");
  broken_ = failed.error().code;
  // A write that found no room was cut off; after any other the bytes may have reached the disk.
  if (failed.error().code != failure_code::no_space) failed.error().code = failure_code::outcome_unknown;
  return failed;
}

void rocksdb_log::write(batch& work) {
  auto ends = appended_;
  std::vector<log_offset> offsets;
  offsets.reserve(work.size());
  for (const auto& each : work) offsets.push_back({ends[each.partition.value]++});
  auto written = write_synced(work, offsets);
  if (written) {
    appended_ = ends;
    batches_.fetch_add(1);
    publish(ends);
  } else {
    written.error().retry_after = limits::overloaded_retry_after_ms;
  }
  for (std::size_t i = 0; i < work.size(); ++i) {
    work[i].done(written ? outcome<log_offset>(offsets[i]) : outcome<log_offset>(std::unexpected(written.error())));
  }
}

void rocksdb_log::publish(const std::vector<std::uint64_t>& ends) {
  for (std::size_t i = 0; i < ends.size(); ++i) {
    auto& shown = *ends_[i];
    {
      std::lock_guard lock(shown.mutex);
      if (shown.end == ends[i]) continue;
      shown.end = ends[i];
    }
    shown.grown.notify_all();
  }
}

outcome<log_range> rocksdb_log::range(partition_number partition) {
  if (partition.value >= partitions()) return fail(failure_code::not_found, "no such partition");
  auto& shown = *ends_[partition.value];
  std::lock_guard lock(shown.mutex);
  return log_range{{0}, {shown.end}};
}

outcome<std::unique_ptr<log_reader>> rocksdb_log::reader(partition_number partition, log_offset from) {
  if (partition.value >= partitions()) return fail(failure_code::not_found, "no such partition");
  return std::make_unique<rocksdb_log_reader>(*this, partition, from);
}

outcome<void> rocksdb_log::reset_writer(partition_number) { return {}; }

void rocksdb_log::close() {
  {
    std::lock_guard lock(queue_mutex_);
    closing_ = true;
  }
  queue_filled_.notify_all();
  if (appender_.joinable()) appender_.join();
  follower_ = {};
  for (auto& shown : ends_) {
    {
      std::lock_guard lock(shown->mutex);
      shown->closed = true;
    }
    shown->grown.notify_all();
  }
}

} // namespace reverie::events
