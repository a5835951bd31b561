#pragma once

#include "actors/runtime/interfaces.hpp"
#include "events/log/state_store.hpp"

#include <optional>
#include <unordered_map>

/// What is known about commands that were given before, and what one applied record adds to the stored state.
namespace reverie::actors::runtime {

/// Under which id an answer is kept: the caller's id scoped to the slice, so that the ids of two people never meet.
inline events::command_id ledger_id(const events::uuid& slice_key, events::command_id given) {
  return {events::derive_uuid("command", slice_key, given.value)};
}

/// The answer a record gives to its command, for ever.
events::stored_answer answer_of(const events::stored_record& record, const events::uuid& subject);

/// Whether an id is so old that its answer is not kept any more: by the time inside the id, or by when it was answered.
bool is_expired(events::command_id given, const std::optional<events::stored_answer>& known, events::timestamp now);

/// Adds history, tip and answer of a read-back record to a batch.
void note_record(events::state_batch& batch, const events::stored_record& record, const events::uuid& subject);

/// Effects begun and settled, in order: only what stands at the end counts (a reply may fail and be started again in one batch).
class effect_changes {
public:
  void begin(events::pending_effect effect);
  void settle(events::effect_id id) { last_[id] = std::nullopt; }
  bool empty() const { return last_.empty(); }
  /// Goes on with what came later.
  void add(effect_changes later);
  void move_into(events::state_batch& batch);

private:
  std::unordered_map<events::effect_id, std::optional<events::pending_effect>> last_;
};

} // namespace reverie::actors::runtime
