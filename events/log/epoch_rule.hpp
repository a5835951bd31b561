#pragma once

#include "events/log/record.hpp"

#include <unordered_map>

namespace reverie::events {

/// What a record is worth at its place in the log.
enum class record_verdict : std::uint8_t {
  counts,   ///< apply it
  fenced,   ///< written under a pair (epoch, writer) that does not count here: drop it
  repeated, ///< its first sequence lies before the entity's next: drop it
  gap,      ///< its first sequence lies after the entity's next: an alarm; never applied
};

/// The (epoch, writer) pair that counts at a place of a partition.
struct counting_pair {
  epoch_number epoch{};
  writer_id writer{};
  friend bool operator==(const counting_pair&, const counting_pair&) = default;
};

/// The rule by which every reader, everywhere, decides which records of one partition count: a pure function of the log (DESIGN
/// section 4). Feed it each record in order. The state that must travel with a stored position is the pair and each entity's next
/// sequence.
class epoch_rule {
public:
  using next_sequences = std::unordered_map<entity_ref, sequence_number>;

  epoch_rule() = default;
  epoch_rule(counting_pair pair, next_sequences next) : pair_(pair), next_(std::move(next)) {}

  /// Judges the record and moves on. An `owner_announced` record counts only if its epoch is exactly one above; then its pair counts
  /// from here on.
  record_verdict admit(const record& content);

  const counting_pair& pair() const { return pair_; }
  const next_sequences& next() const { return next_; }
  /// The entity's next sequence; 1 for one never seen.
  sequence_number next_of(const entity_ref& entity) const;
  /// Sets what was stored beside a position (per-entity restore).
  void restore(const entity_ref& entity, sequence_number next) { next_[entity] = next; }

  struct counters {
    std::uint64_t counted = 0, fenced = 0, repeated = 0, gaps = 0;
  };
  const counters& counted() const { return counters_; }

private:
  record_verdict judge(const record& content) const;

  counting_pair pair_;
  next_sequences next_;
  counters counters_;
};

} // namespace reverie::events
