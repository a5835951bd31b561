#pragma once

#include "actors/domain/entity_logic.hpp"
#include "actors/runtime/messages.hpp"
#include "actors/runtime/sealing.hpp"
#include "events/log/record.hpp"
#include "events/log/state_store.hpp"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace reverie::actors::runtime {

/// One entity's state with its place in its chain: what the entity actor and the recovery both do with it. Not thread-safe; owned by
/// whoever folds.
class entity_core {
public:
  explicit entity_core(const events::entity_address& address);

  const events::entity_address& address() const { return address_; }
  const entity_logic& logic() const { return *logic_; }
  events::sequence_number last_sequence() const { return last_sequence_; }
  const events::chain_hash& last_hash() const { return last_hash_; }
  /// Place of the last applied record; nothing when the state came from the store.
  const std::optional<events::log_position>& last_position() const { return last_position_; }
  /// Roughly what it holds. The state is walked only when it may have grown by an eighth since it was last, so that the work over an
  /// entity's life grows with its records, not with their square; in between, what was applied is added.
  std::size_t memory_bytes() const;
  /// How often the state was walked for its size.
  std::uint32_t times_measured() const { return times_measured_; }
  /// Whether something was applied since the state was last stored.
  bool changed() const { return changed_; }

  /// The record of a decision, sealed with `key` (null for what is nobody's) and linked to the chain; epoch and writer are left open.
  /// `too_large` over limits::record_bytes.
  events::outcome<events::record> seal(const command_envelope& envelope, std::span<const events::event> decided,
                                       events::timestamp at, events::user_id person, const events::data_key* key) const;

  /// Checks the record's link and decodes its events, each with what the log says about it.
  events::outcome<std::vector<events::recorded_event>> read(const events::stored_record& record,
                                                            const events::field_opener& opener) const;
  /// Evolves by events that were read (or decided here and read back) and gives what they ask for.
  applied_effects apply(const events::stored_record& record, std::span<const events::recorded_event> happened);
  /// What events ask for that the state holds already.
  applied_effects react(std::span<const events::recorded_event> happened) const;

  /// State as stored; `key_unavailable` when it is a person's and the key is not in memory.
  events::outcome<events::entity_blob> save(events::key_ring& keys, key_access access);
  /// The same for another reader: it is as changed as it was.
  events::outcome<events::entity_blob> copy(events::key_ring& keys, key_access access) const;
  /// Takes over a stored state.
  events::outcome<void> restore(const events::entity_blob& blob, events::key_ring& keys, key_access access);

private:
  events::entity_address address_;
  std::unique_ptr<entity_logic> logic_;
  events::sequence_number last_sequence_{};
  events::chain_hash last_hash_{};
  std::optional<events::log_position> last_position_;
  bool changed_ = false;
  mutable std::uint32_t times_measured_ = 0;
  mutable std::size_t measured_bytes_ = 0; ///< by the last walk
  mutable std::size_t grown_bytes_ = 0;    ///< applied since; an upper bound of what they added
};

/// What the log says about each event of a record.
std::vector<events::recorded_event> with_contexts(const events::stored_record& record, std::vector<events::event> happened);

} // namespace reverie::actors::runtime
