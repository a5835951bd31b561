#pragma once

#include "events/codec/event_codec.hpp"
#include "events/log/event_log.hpp"
#include "events/log/state_store.hpp"

#include <functional>

namespace reverie::events {

/// Reads the events of one entity in order: by the history that local state keeps (one look-up per record) and then the end of the
/// log that the state has not applied yet; without a state by a scan of the partition. Only records that count are seen. One thread.
class entity_history_reader {
public:
  /// Gets an event that the callee may move from; false ends the reading. `redacted`: a personal field stayed closed.
  using visitor = std::function<bool(recorded_event& each, bool redacted)>;

  /// `state` may be null. Log and state must outlive the reader.
  entity_history_reader(event_log& log, partition_number partition, state_store* state)
      : log_(log), partition_(partition), state_(state) {}

  /// Gives all events from sequence `from` on that are in the log when the call starts. `corrupted` names the first record that is
  /// not what its place in the history or chain says.
  outcome<void> read(const entity_address& address, sequence_number from, const field_opener& opener, const visitor& visit);

  /// At most `events_max` events from `from` on.
  outcome<std::vector<recorded_event>> read_some(const entity_address& address, sequence_number from, std::size_t events_max,
                                                 const field_opener& opener);

private:
  struct pass;
  outcome<bool> read_history(pass& now);
  outcome<void> scan(pass& now);
  outcome<bool> give(pass& now, const stored_record& stored);

  event_log& log_;
  partition_number partition_;
  state_store* state_;
};

} // namespace reverie::events
