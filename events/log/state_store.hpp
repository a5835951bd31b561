#pragma once

#include "events/log/epoch_rule.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reverie::events {

/// An entity's stored state: opaque bytes (sealed where they are a person's), with the sequence and chain link they stand at.
struct entity_blob {
  entity_address address{};
  sequence_number last_sequence{};
  chain_hash last_hash{};
  std::uint32_t schema_version = 1;
  std::array<std::uint8_t, 16> state_hash{}; ///< XXH3-128 of the canonical, unsealed state
  std::string bytes;
};

/// Where in the log an entity's events lie: for resume, replay of one entity, and lineage.
struct history_entry {
  sequence_number first_sequence{};
  std::uint16_t events = 1;
  log_offset offset{};
};

/// The answer given to a command, kept under its id.
struct stored_answer {
  entity_ref entity{};
  std::array<std::uint8_t, 16> digest{};
  uuid subject{}; ///< the id the answer names (the message, session, user …)
  log_position position{};
  timestamp at{};
  sequence_number sequence{}; ///< of the record's first event
};

/// How far a partition is applied, and the pair that counts there.
struct applied_position {
  log_offset next{};
  counting_pair pair{};
};

/// An effect that was asked for and is not yet settled. `bytes` is the codec's form of it.
struct pending_effect {
  effect_id id{};
  entity_address owner{};
  event_cause cause{};
  std::string bytes;
};

/// What one step of applying records changes; written atomically.
struct state_batch {
  std::vector<entity_blob> blobs;
  std::vector<std::pair<entity_address, history_entry>> history;
  std::vector<std::pair<command_id, stored_answer>> answers;
  std::vector<std::pair<entity_ref, std::pair<sequence_number, chain_hash>>> tips; ///< next sequence and last hash per entity
  std::vector<pending_effect> effects_begun;
  std::vector<effect_id> effects_settled;
  std::optional<applied_position> applied;
};

/// A kept generation of the local state.
struct checkpoint_manifest {
  std::uint64_t generation = 0;
  applied_position applied{};
  std::uint32_t schema_version = 1;
  std::string code_version;
  std::string state_hash; ///< hex, over all blobs' state hashes in key order
  timestamp made_at{};
  std::uint64_t bytes = 0;
};

/// Local state of one partition: never ahead of the log, since only read-back records are written; can always be dropped and made
/// again from the log. Implementations: memory and rocksdb. Thread-safe; calls may block on disk.
class state_store {
public:
  virtual ~state_store() = default;

  virtual outcome<void> write(const state_batch& batch) = 0;
  virtual outcome<std::optional<entity_blob>> load(const entity_address& address) = 0;
  virtual outcome<std::optional<stored_answer>> answer_of(command_id command) = 0;
  /// The entity's next sequence and last chain hash; nothing for one never seen.
  virtual outcome<std::optional<std::pair<sequence_number, chain_hash>>> tip_of(const entity_ref& entity) = 0;
  /// History of an entity from a sequence on, at most `entries_max`.
  virtual outcome<std::vector<history_entry>> history(const entity_address& address, sequence_number from,
                                                      std::size_t entries_max) = 0;
  virtual outcome<applied_position> applied() = 0;
  virtual outcome<std::vector<pending_effect>> pending_effects() = 0;
  /// Walks all blobs in key order; stops when `visit` returns false.
  virtual outcome<void> for_each_blob(const std::function<bool(const entity_blob&)>& visit) = 0;
  /// Walks all tips.
  virtual outcome<void> for_each_tip(const std::function<bool(const entity_ref&, sequence_number, const chain_hash&)>& visit) = 0;

  /// Makes a new generation (keeping limits::checkpoint_generations) and answers its manifest.
  virtual outcome<checkpoint_manifest> checkpoint(timestamp now) = 0;
  virtual outcome<std::vector<checkpoint_manifest>> checkpoints() = 0;
};

/// Opens the state of a partition; a bad newest generation falls back to the one before it, and to nothing at last (full replay).
class state_store_factory {
public:
  virtual ~state_store_factory() = default;
  virtual outcome<std::shared_ptr<state_store>> open(partition_number partition) = 0;
};

} // namespace reverie::events
