#pragma once

#include "actors/runtime/entity_actor.hpp"
#include "actors/runtime/ledger.hpp"
#include "actors/runtime/recovery.hpp"

#include <deque>
#include <string>
#include <unordered_map>
#include <variant>

/// The parts of a partition actor's state.
namespace reverie::actors::runtime {

/// Where a partition stands on its way to serving, and back.
enum class ownership : std::uint8_t {
  none,       ///< another node's, or nobody's
  recovering, ///< a worker reads the log up to its end
  announcing, ///< the announcement is under way
  serving,
  renewing,   ///< an append's outcome is unknown: a fresh epoch is being announced; decisions wait
  draining,   ///< stopping: what was accepted is finished
};

/// What waits while an entity leaves memory or is down.
using held_for_entity = std::variant<decide_command, apply_record, visit_state>;

/// An entity in memory. Kept small; linked by last use.
struct entity_slot {
  events::entity_address address{};
  entity_handle actor;                      ///< unset while it is down
  std::vector<held_for_entity> held;
  entity_slot* older = nullptr;
  entity_slot* newer = nullptr;
  std::chrono::milliseconds last_used{};
  std::chrono::milliseconds respawn_at{};   ///< while it is down
  std::uint32_t commands = 0;               ///< given to it and not concluded
  std::uint32_t records = 0;                ///< given to it and not reported
  std::uint32_t memory_bytes = 0;
  std::uint16_t deaths = 0;                 ///< since something worked
  bool leaving = false;
};

/// Slots by last use, oldest first.
class recency_list {
public:
  void touch(entity_slot& slot);
  void remove(entity_slot& slot);
  entity_slot* oldest() const { return oldest_; }

private:
  entity_slot* oldest_ = nullptr;
  entity_slot* newest_ = nullptr;
};

/// A batch of read-back records on its way to local state: written when every entity has reported.
struct open_batch {
  std::uint64_t number = 0;
  std::size_t bytes = 0; ///< of the records' values
  shared_records records;
  std::vector<bool> reported;
  std::size_t outstanding = 0;
  events::state_batch writes;
  effect_changes effects;
};

/// The announcement under way.
struct announcement {
  events::epoch_number epoch{};
  events::writer_id writer{};
  events::chain_hash hash{};
  std::chrono::milliseconds due{};
};

/// When an append's outcome counts as unknown.
struct append_deadline {
  std::chrono::milliseconds due{};
  events::command_id ledger{};
  events::chain_hash hash{};
};

/// What a command came to without a record: refused, or nothing to be done.
struct unproven_answer {
  command_ptr command;
  command_outcome result;
};

/// A delivery (or a restart of a reply) to another entity that is not yet answered.
struct delivery {
  begun_effect effect;
  command_envelope envelope;
  bool restarts_reply = false;
  bool asked = false; ///< an answer is awaited
  std::uint32_t attempts = 0;
  std::chrono::milliseconds again_at{};
};

} // namespace reverie::actors::runtime
