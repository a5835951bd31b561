#pragma once

#include "events/log/epoch_rule.hpp"
#include "events/log/memory_log.hpp"
#include "tests/simulation/planted_bug.hpp"

#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

namespace reverie::simulation {

/// The log as a server would see it that forgets one half of the epoch rule: records that should be dropped are stamped as if they counted.
/// A function of the log, so that every look at it shows the same.
class gullible_view {
public:
  gullible_view(std::shared_ptr<events::memory_log> log, planted_bug bug) : log_(std::move(log)), bug_(bug) {}
  /// What stands at an offset; null at the end.
  const events::stored_record* at(events::partition_number partition, events::log_offset offset);

private:
  struct seen_partition {
    std::vector<events::stored_record> records;
    events::epoch_rule rule;
    std::unordered_map<events::entity_ref, events::chain_hash> tips;
  };
  void take(seen_partition& seen, events::stored_record stored);
  void stamp(const seen_partition& seen, events::record& content) const;

  std::shared_ptr<events::memory_log> log_;
  planted_bug bug_;
  std::map<events::partition_number, seen_partition> seen_;
};

class gullible_reader : public events::log_reader {
public:
  gullible_reader(std::shared_ptr<gullible_view> view, events::partition_number partition, events::log_offset next)
      : view_(std::move(view)), partition_(partition), next_(next) {}
  events::outcome<std::size_t> read(std::vector<events::stored_record>& out, std::size_t records_max, std::chrono::milliseconds wait) override;
  events::outcome<void> seek(events::log_offset next) override {
    next_ = next;
    return {};
  }
  void wake() override {}

private:
  std::shared_ptr<gullible_view> view_;
  events::partition_number partition_;
  events::log_offset next_;
};

} // namespace reverie::simulation
