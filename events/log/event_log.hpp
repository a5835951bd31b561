#pragma once

#include "events/log/record.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace reverie::events {

/// The records a partition holds: [first, end).
struct log_range {
  log_offset first{};
  log_offset end{};
};

/// Reads one partition in order. Owned by one thread (or detached actor); may outlive appends but not its log.
class log_reader {
public:
  virtual ~log_reader() = default;

  /// Appends up to `records_max` records at and after the reader's place to `out` and moves on. Waits up to `wait` while there is
  /// nothing; returning with nothing is not an error. Zero: no longer than it takes to fetch what was written already; negative: only what was
  /// fetched by now. `corrupted` names the offset of a record that fails its checksum: the reader
  /// stays before it. Every reader sees every stored record, counting or not: the epoch rule is applied by who reads.
  virtual outcome<std::size_t> read(std::vector<stored_record>& out, std::size_t records_max, std::chrono::milliseconds wait) = 0;

  /// Moves to an offset; the next read starts there.
  virtual outcome<void> seek(log_offset next) = 0;

  /// Wakes a waiting read from another thread; that read returns what it has.
  virtual void wake() = 0;
};

/// The append-only log. Implementations: memory, rocksdb, kafka; one contract suite (tests/adapters/log_contract.hpp) holds for all.
/// Thread-safe. An acknowledgement proves durability, not that the record counts: only the read-back under the own epoch does.
class event_log {
public:
  /// Called once per append, on a thread of the log: the offset, or why it is not there. `outcome_unknown` and `timed_out` mean it may
  /// be there or come later.
  using append_done = std::function<void(outcome<log_offset>)>;

  virtual ~event_log() = default;

  virtual std::uint32_t partitions() const = 0;

  /// Appends one record; those that arrive while a sync is under way form the next batch (group commit). Order of calls is kept
  /// within a partition. Refuses `too_large` over limits::record_bytes and `overloaded` over its bounded queue.
  virtual void append(partition_number partition, record content, append_done done) = 0;

  virtual outcome<log_range> range(partition_number partition) = 0;

  /// A reader that starts at `from`. Fails with `not_found` below the first offset kept.
  virtual outcome<std::unique_ptr<log_reader>> reader(partition_number partition, log_offset from) = 0;

  /// Forgets appends of this partition that are not yet known to be stored and starts with a fresh producer: what the old one still
  /// delivers late is dead once a fresh epoch was announced. A no-op where an append's outcome is always known.
  virtual outcome<void> reset_writer(partition_number partition) = 0;

  /// Waits for running appends and stops; later appends answer `stopping`.
  virtual void close() = 0;
};

} // namespace reverie::events
