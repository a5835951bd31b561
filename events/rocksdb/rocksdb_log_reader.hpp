#pragma once

#include "events/rocksdb/rocksdb_log.hpp"

#include <rocksdb/iterator.h>

namespace reverie::events {

/// Reads one partition of the embedded log. Keeps RocksDB's iterator while it is behind, and lets go of it at the end, so that an
/// idle reader holds nothing back.
class rocksdb_log_reader : public log_reader {
public:
  rocksdb_log_reader(rocksdb_log& log, partition_number partition, log_offset next);

  outcome<std::size_t> read(std::vector<stored_record>& out, std::size_t records_max, std::chrono::milliseconds wait) override;
  outcome<void> seek(log_offset next) override;
  void wake() override;

private:
  std::uint64_t end_after(std::chrono::milliseconds wait);
  void stand_at_next();
  outcome<void> take_one(record& into);
  std::unexpected<failure> damaged(std::string_view how) const;

  rocksdb_log& log_;
  partition_number partition_;
  log_offset next_;
  std::string upper_bound_;
  rocksdb::Slice upper_slice_;
  std::unique_ptr<rocksdb::Iterator> place_;
  bool woken_ = false; ///< under the partition's mutex
};

} // namespace reverie::events
