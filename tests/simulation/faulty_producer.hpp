#pragma once

#include "events/log/memory_log.hpp"
#include "tests/simulation/chance.hpp"
#include "tests/simulation/gullible_reader.hpp"
#include "tests/simulation/trace.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>

namespace reverie::simulation {

/// How often an append of a process goes wrong; probabilities in [0, 1], drawn one after the other.
struct log_weather {
  double delay_acknowledgement = 0; ///< stored, reported later
  double delay_record = 0;          ///< on its way: stored later, and what follows it in its partition waits behind it
  double duplicate = 0;             ///< stored twice, the second time at once or later
  double lose_acknowledgement = 0;  ///< stored, reported as `outcome_unknown`
  double lose_record = 0;           ///< not stored, reported as `outcome_unknown`
  double refuse = 0;                ///< not stored, reported as `no_space`
};

/// The shared log as one process sees it: its own producer with its own connection, on which records and reports wait, come late, twice or
/// never. Records of different processes overtake each other, those of one producer in one partition do not. What was on its way when
/// its process died or its writer was reset may still arrive, at any time later.
class faulty_producer : public events::event_log {
public:
  faulty_producer(std::shared_ptr<events::memory_log> log, std::shared_ptr<chance> draw, std::shared_ptr<trace> said, std::string who,
                  planted_bug bug);

  std::uint32_t partitions() const override { return log_->partitions(); }
  void append(events::partition_number partition, events::record content, append_done done) override;
  events::outcome<events::log_range> range(events::partition_number partition) override { return log_->range(partition); }
  events::outcome<std::unique_ptr<events::log_reader>> reader(events::partition_number partition, events::log_offset from) override;
  events::outcome<void> reset_writer(events::partition_number partition) override;
  void close() override {}

  log_weather weather;
  /// Called for each delivery report that says stored; where a server that answers too early would answer.
  std::function<void(const events::record& content, events::log_position place)> on_report;

  /// Lets one thing that waits go on: the head of a partition's queue, or a late record. False when nothing waits.
  bool deliver_one();
  /// Everything that waits, in order.
  void deliver_all();
  /// The process is gone: nobody hears a report any more.
  void crash();
  bool anything_waits() const;

private:
  struct waiting {
    events::record content;
    append_done done;
    std::optional<events::log_offset> stored; ///< nothing while the record itself is on its way
  };
  struct late_record {
    events::partition_number partition;
    events::record content;
  };
  enum class fate : std::uint8_t { plain, delay_acknowledgement, delay_record, duplicate, lose_acknowledgement, lose_record, refuse };

  fate draw_fate(bool behind);
  events::log_offset store(events::partition_number partition, const events::record& content, std::string_view how);
  void report(events::partition_number partition, const events::record& content, const append_done& done, events::log_offset offset);
  void deliver_head(events::partition_number partition);

  std::shared_ptr<events::memory_log> log_;
  std::shared_ptr<chance> draw_;
  std::shared_ptr<trace> said_;
  std::string who_;
  std::map<events::partition_number, std::deque<waiting>> queues_;
  std::deque<late_record> late_;
  std::shared_ptr<gullible_view> view_; ///< null: readers see what is there
  bool crashed_ = false;
};

} // namespace reverie::simulation
