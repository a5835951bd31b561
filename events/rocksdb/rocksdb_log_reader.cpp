#include "events/rocksdb/rocksdb_log_reader.hpp"

#include "events/model/limits.hpp"
#include "events/rocksdb/log_layout.hpp"

#include <rocksdb/db.h>

namespace reverie::events {

rocksdb_log_reader::rocksdb_log_reader(rocksdb_log& log, partition_number partition, log_offset next)
    : log_(log), partition_(partition), next_(next), upper_bound_(log_layout::key_of({{partition.value + 1}, {0}})),
      upper_slice_(upper_bound_) {}

std::uint64_t rocksdb_log_reader::end_after(std::chrono::milliseconds wait) {
  auto& shown = *log_.ends_[partition_.value];
  std::unique_lock lock(shown.mutex);
  if (wait.count() > 0) {
    shown.grown.wait_for(lock, wait, [&] { return woken_ || shown.closed || next_.value < shown.end; });
  }
  woken_ = false;
  return shown.end;
}

void rocksdb_log_reader::stand_at_next() {
  if (place_) return;
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &upper_slice_;
  options.fill_cache = false;
  place_.reset(log_.database_->NewIterator(options));
  place_->Seek(log_layout::key_of({partition_, next_}));
}

std::unexpected<failure> rocksdb_log_reader::damaged(std::string_view how) const {
  return fail(failure_code::corrupted, "record " + to_string(log_position{partition_, next_}) + " " + std::string(how));
}

outcome<void> rocksdb_log_reader::take_one(record& into) {
  if (!place_->Valid()) {
    auto status = place_->status();
    if (status.ok()) return damaged("is missing");
    if (status.IsCorruption()) return damaged("can't be read: " + status.ToString());
    return fail(failure_code::unavailable, "can't read record " + to_string(log_position{partition_, next_}) + ": " + status.ToString());
  }
  std::string_view key(place_->key().data(), place_->key().size());
  auto place = log_layout::parse_key(key);
  if (!place || place->offset != next_) return damaged("is missing");
  auto bytes = log_layout::checked(key, {place_->value().data(), place_->value().size()});
  if (!bytes) return damaged("fails its checksum");
  auto decoded = decode_record(*bytes, into);
  if (!decoded) {
    auto& why = decoded.error();
    why.message = "record " + to_string(log_position{partition_, next_}) + ": " + why.message;
    return decoded;
  }
  next_ = next_.next();
  place_->Next();
  return {};
}

outcome<std::size_t> rocksdb_log_reader::read(std::vector<stored_record>& out, std::size_t records_max, std::chrono::milliseconds wait) {
  auto end = end_after(wait);
  std::size_t taken = 0, bytes = 0;
  while (next_.value < end && taken < records_max && bytes < limits::read_batch_bytes) {
    // An iterator sees the database as it was: one that came to its end can't show what was appended since.
    if (place_ && !place_->Valid() && place_->status().ok()) place_.reset();
    stand_at_next();
    out.push_back({{partition_, next_}, {}});
    auto& content = out.back().content;
    if (auto done = take_one(content); !done) {
      out.pop_back();
      place_.reset();
      if (taken > 0) return taken; // the damage is met again by the next read
      return std::unexpected(std::move(done.error()));
    }
    bytes += content.value.size();
    ++taken;
  }
  if (next_.value >= end) place_.reset();
  return taken;
}

outcome<void> rocksdb_log_reader::seek(log_offset next) {
  auto& shown = *log_.ends_[partition_.value];
  std::lock_guard lock(shown.mutex);
  next_ = next;
  place_.reset();
  return {};
}

void rocksdb_log_reader::wake() {
  auto& shown = *log_.ends_[partition_.value];
  {
    std::lock_guard lock(shown.mutex);
    woken_ = true;
  }
  shown.grown.notify_all();
}

} // namespace reverie::events
