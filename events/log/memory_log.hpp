#pragma once

#include "events/log/event_log.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <random>

namespace reverie::events {

/// How often a simulated log misbehaves: probabilities in [0, 1] per append, drawn from `seed`. The same seed and the same calls give
/// the same faults.
struct memory_log_faults {
  std::uint64_t seed = 0;
  double delay_acknowledgement = 0; ///< stored, answered only at release()
  double delay_record = 0;          ///< in flight: neither stored nor answered until release()
  double duplicate = 0;             ///< stored twice
  double lose_acknowledgement = 0;  ///< stored, answered `outcome_unknown`
  double lose_record = 0;           ///< not stored, answered `outcome_unknown`
};

/// The log in memory, for tests and simulation. Acknowledges on the caller's thread before append returns, unless told otherwise.
/// Every fault is asked for by an explicit call or drawn from a seed; none comes by itself. Thread-safe.
class memory_log : public event_log {
public:
  explicit memory_log(std::uint32_t partitions, memory_log_faults faults = {});
  ~memory_log() override;

  std::uint32_t partitions() const override;
  void append(partition_number partition, record content, append_done done) override;
  outcome<log_range> range(partition_number partition) override;
  outcome<std::unique_ptr<log_reader>> reader(partition_number partition, log_offset from) override;
  /// Appends in flight answer `outcome_unknown`; their records stay in flight and can still arrive with release().
  outcome<void> reset_writer(partition_number partition) override;
  void close() override;

  /// What the next append meets. Asked for several times: for so many appends, in that order.
  enum class fault { none, delay_acknowledgement, delay_record, duplicate, lose_acknowledgement, lose_record, no_space };
  void next_append_meets(fault what);
  /// Stores what is in flight and gives the answers that wait, in order.
  void release();
  /// Appends whose answer waits.
  std::size_t delayed() const;
  /// A write that reached the log past the port: a zombie's, or a producer's late second copy.
  log_offset write_raw(partition_number partition, record content);
  /// From now on this record fails its checksum.
  void corrupt(log_position place);
  /// Appends answered with an offset so far.
  std::uint64_t acknowledged() const;

private:
  friend class memory_log_reader;

  struct kept_record {
    record content;
    bool corrupted = false;
  };
  struct shelf {
    std::deque<kept_record> records;
  };
  struct waiting_append {
    partition_number partition{};
    std::optional<record> in_flight; ///< not stored yet
    log_offset offset{};
    append_done done; ///< empty: answered already
  };
  struct reply {
    append_done done;
    outcome<log_offset> result;
  };

  fault draw();
  log_offset store(partition_number partition, record content);
  std::optional<reply> take(partition_number partition, record content, append_done done);
  static void answer(std::vector<reply>& replies);

  mutable std::mutex mutex_;
  std::condition_variable grown_;
  std::vector<shelf> shelves_;
  std::deque<waiting_append> waiting_;
  std::deque<fault> scripted_;
  memory_log_faults faults_;
  std::mt19937_64 random_;
  std::uint64_t acknowledged_ = 0;
  bool closed_ = false;
};

} // namespace reverie::events
