#pragma once

#include "actors/domain/decision.hpp"
#include "actors/domain/effect.hpp"
#include "events/model/failure.hpp"

#include <array>
#include <memory>
#include <string>

namespace reverie::actors {

/// One live entity's state and its pure rules, behind one face for all kinds: the generic shell (actors/runtime) knows only this.
/// Implemented once, as a template over a kind's `state`, `decide`, `evolve`, `react`. No I/O, no clock.
class entity_logic {
public:
  virtual ~entity_logic() = default;

  /// `command` must be of this kind (REVERIE_ASSERT).
  virtual decision decide(const any_command& command, const decision_context& context) const = 0;
  /// Total: every event of this kind, of any past version after upcasting, can be applied to every state.
  virtual void evolve(const events::event& happened, const events::event_context& context) = 0;
  /// Which effects the event asks for and settles; called after evolve.
  virtual reaction react(const events::event& happened, const events::event_context& context) const = 0;

  /// Canonical bytes of the state (unsealed: the shell seals them), and back. Equal states give equal bytes.
  virtual std::string state_bytes() const = 0;
  virtual events::outcome<void> restore(std::string_view bytes) = 0;
  /// The state as readable JSON, for replay and the inspector; personal text included (the caller masks).
  virtual std::string state_json() const = 0;
  /// Rough size in memory, for the passivation budget.
  virtual std::size_t memory_bytes() const = 0;
  virtual std::uint32_t schema_version() const = 0;

  /// The state itself, for the effects that read it (prompt building): the kind's own `state` type or null.
  virtual const void* state_of(events::entity_kind kind) const = 0;
};

/// A fresh entity of a kind, in its empty state.
std::unique_ptr<entity_logic> make_entity_logic(events::entity_kind kind);

/// The person whose key seals what this entity holds; nil for what is nobody's. For characters it is the owner, known from the
/// command or event that made it.
events::user_id sealed_for(const events::entity_address& address, const entity_logic& logic, const any_command* command);

} // namespace reverie::actors
