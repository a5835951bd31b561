#pragma once

#include "events/replay/partition_watch.hpp"
#include "events/replay/record_events.hpp"
#include "ops/operator/verified_states.hpp"

#include <mutex>

namespace reverie::ops {

/// Verifies one partition in steps, for as long as a server runs, and goes on where it stood when one starts again: owners, verdicts, chains,
/// and the states of all entities. Steps come from one thread; figures can be asked from any.
class partition_verification {
public:
  partition_verification(events::event_log& log, events::key_ring& keys, events::partition_number partition, std::size_t kept_in_mind);

  /// Reads where it stood; on failure it begins anew. `own` and `stored` may be null.
  events::outcome<void> begin(std::shared_ptr<events::state_store> own, std::shared_ptr<events::state_store> stored);
  /// Looks at up to so many records; how many there were.
  events::outcome<std::size_t> step(std::size_t records_max, events::timestamp now);
  /// Stores where it stands, and lets the stores go.
  void end();

  struct figures {
    events::log_offset next{};
    std::uint64_t records = 0, differences = 0, entities = 0, compared = 0;
  };
  figures now() const;
  std::vector<verification_finding> take_findings();
  const verified_place& place() const { return states_->place(); } ///< for the thread of the steps
  std::optional<events::record_verdict> verdict_of(events::log_offset offset) const { return watch_->verdict_of(offset); }
  std::vector<events::partition_owner> owners() const { return watch_->owners(); }

private:
  void see(const events::stored_record& record, events::record_verdict verdict);
  void store();

  events::event_log& log_;
  events::key_ring& keys_;
  const events::partition_number partition_;
  std::unique_ptr<events::partition_watch> watch_;
  std::unique_ptr<verified_states> states_;
  std::unique_ptr<events::record_decoder> decoder_;
  events::timestamp stored_at_{}, swept_at_{};
  mutable std::mutex mutex_;
  figures figures_;
};

} // namespace reverie::ops
