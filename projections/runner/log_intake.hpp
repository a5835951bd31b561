#pragma once

#include "events/log/epoch_rule.hpp"
#include "events/log/event_log.hpp"
#include "events/model/event.hpp"
#include "events/vault/key_ring.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace reverie::projections {

using events::outcome;

/// What a record is for one projection that an operator's rule lets read it otherwise than it lies there.
struct amended_events {
  std::string projection;
  std::vector<events::recorded_event> happened;
  std::optional<events::failure> unreadable;
};

class event_rules;

/// A record of the log as folds get it.
struct intake_record {
  events::log_offset offset{};
  events::record_verdict verdict{};
  events::counting_pair pair{}; ///< what counts after it
  events::entity_ref entity{};
  events::sequence_number first_sequence{};
  events::timestamp at{}; ///< when it was written
  events::sequence_number next_sequence{}; ///< of its entity after it, when it counts
  std::vector<events::recorded_event> happened; ///< empty when it does not count
  std::optional<events::failure> unreadable;    ///< it counts, but can't be decoded
  bool redacted = false;                        ///< a person's key is destroyed: personal fields are empty
  std::vector<amended_events> amended = {};     ///< instead of `happened` and `unreadable`, for some projections

  const std::vector<events::recorded_event>& happened_for(std::string_view projection) const;
  const std::optional<events::failure>& unreadable_for(std::string_view projection) const;
  /// Makes it what it is for one projection, and for that one alone.
  void become_that_of(std::string_view projection);
};

/// What is read behind the first records that came: what was fetched from the log already, so that they are committed at once, or as many as are
/// wanted and written.
enum class intake_batch { what_is_here, as_full_as_can_be };

/// Reads one partition for projections: applies the epoch rule, opens what is sealed. Of one thread, but for wake().
class log_intake {
public:
  log_intake(events::event_log& log, events::key_ring& keys, events::partition_number partition)
      : log_(log), keys_(keys), partition_(partition) {}

  /// Starts at a position with what the epoch rule knows there. Without a state it is derived from the log's start.
  outcome<void> start(events::log_offset next, std::optional<events::epoch_rule> known);

  /// Appends up to about `events_max` events' worth of records below `before`; waits up to `wait` for the first. `key_unavailable` and
  /// `unavailable` when nothing could be read now: nothing was lost, ask again.
  outcome<void> read(std::vector<intake_record>& out, std::size_t events_max, events::log_offset before, std::chrono::milliseconds wait,
                     intake_batch after_the_first = intake_batch::as_full_as_can_be);

  /// Whether the next record is known and lies at or after this place.
  bool stands_at(events::log_offset place) const { return raw_at_ < raw_.size() && raw_[raw_at_].position.offset >= place; }

  /// Told to learn the stored next sequence of an entity before its first record is judged.
  using sequence_source = std::function<outcome<void>(const std::vector<events::entity_ref>& unknown, events::epoch_rule& rule)>;
  void ask_sequences(sequence_source source) { source_ = std::move(source); }

  /// By which rules records are read from now on; null: as they lie there.
  void read_by(std::shared_ptr<const event_rules> rules) { rules_ = std::move(rules); }

  const events::epoch_rule& rule() const { return rule_; }
  void wake();

private:
  outcome<void> derive(events::log_offset next);
  outcome<void> fetch(std::chrono::milliseconds wait);
  outcome<void> learn();
  outcome<intake_record> open(const events::stored_record& stored);

  events::event_log& log_;
  events::key_ring& keys_;
  events::partition_number partition_;
  events::epoch_rule rule_;
  bool rule_is_complete_ = true;
  sequence_source source_;
  std::shared_ptr<const event_rules> rules_;
  std::shared_ptr<events::log_reader> reader_; ///< under mutex_ for wake()
  std::mutex mutex_;
  std::vector<events::stored_record> raw_; ///< read, not judged yet, from raw_at_ on
  std::size_t raw_at_ = 0;
};

/// Failures that pass by themselves: the record is asked for again, and nothing after it is folded before it.
bool is_passing(events::failure_code code);

/// One record by its place, decoded as one that counts, whatever the epoch rule says: for those who know already. `not_found` when there is
/// none; what can't be decoded comes back as `unreadable`.
outcome<intake_record> read_record(events::event_log& log, events::key_ring& keys, events::log_position at, const event_rules* rules = nullptr);
/// The same as it lies in the log, sealed.
outcome<events::stored_record> read_stored(events::event_log& log, events::log_position at);

} // namespace reverie::projections
