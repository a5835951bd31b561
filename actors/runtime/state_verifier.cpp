#include "actors/runtime/state_verifier.hpp"

#include "events/log/state_hash.hpp"

namespace reverie::actors::runtime {

events::outcome<void> state_verifier::expect(events::state_store* stored) {
  if (stored == nullptr) return {};
  return stored->for_each_blob([this](const events::entity_blob& blob) {
    // A partition's own state is what its owner knows of slices and epochs: no entity's rules fold it.
    if (blob.address.entity.kind == events::entity_kind::partition) return true;
    claims_[blob.address.entity] = {blob.last_sequence, blob.state_hash};
    return true;
  });
}

void state_verifier::on_event(events::recorded_event& each, bool redacted) {
  const auto& context = each.context;
  const auto& entity = context.entity.entity;
  if (entity.kind == events::entity_kind::partition) return;
  auto& logic = folded_[entity];
  if (!logic) logic = make_entity_logic(entity.kind);
  logic->evolve(each.payload, context);
  if (redacted) redacted_[entity] = true;
  auto claimed = claims_.find(entity);
  if (claimed == claims_.end() || claimed->second.sequence != context.sequence) return;
  claimed->second.met = true;
  if (redacted_.contains(entity)) return; // erased: what the blob was made of can't be read any more
  ++compared_;
  if (events::hash_of_state(logic->state_bytes()) != claimed->second.hash)
    differs(context, "the stored state is not what the log folds to");
}

std::uint64_t state_verifier::finish() {
  for (const auto& [entity, claimed] : claims_) {
    if (claimed.met || claimed.sequence.value == 0) continue;
    differs({.entity = {entity, {}}, .sequence = claimed.sequence}, "the stored state is ahead of the log");
  }
  return differences_;
}

void state_verifier::differs(const events::event_context& at, std::string what) {
  ++differences_;
  if (!first_) first_ = events::log_difference{at.position, at.entity.entity, at.sequence, std::move(what)};
}

} // namespace reverie::actors::runtime
