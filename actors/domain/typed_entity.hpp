#pragma once

#include "actors/domain/entity_logic.hpp"
#include "events/codec/fields_json.hpp"
#include "events/model/assert.hpp"

#include <utility>

namespace reverie::actors {

/// A kind's pure parts under one face. `Rules` names them:
///   state, command, kind, decide(state, command, context), evolve(state&, event, context), react(state, event, context),
///   memory_bytes(state).
template <class Rules>
class typed_entity final : public entity_logic {
public:
  using state_type = typename Rules::state;

  decision decide(const any_command& command, const decision_context& context) const override {
    const auto* mine = std::get_if<typename Rules::command>(&command);
    REVERIE_ASSERT(mine != nullptr, "a command reached an entity of another kind");
    auto decided = Rules::decide(state_, *mine, context);
    // Taken from the events, so that the same command asked again after a restart is answered alike from its record.
    if (decided && !decided->events.empty()) decided->subject = subject_of(decided->events);
    return decided;
  }

  void evolve(const events::event& happened, const events::event_context& context) override {
    Rules::evolve(state_, happened, context);
  }

  reaction react(const events::event& happened, const events::event_context& context) const override {
    return Rules::react(state_, happened, context);
  }

  std::string state_bytes() const override { return events::to_canonical_json(state_); }

  events::outcome<void> restore(std::string_view bytes) override {
    auto read = events::from_canonical_json<state_type>(bytes);
    if (!read) return std::unexpected(std::move(read).error());
    state_ = std::move(*read);
    return {};
  }

  std::string state_json() const override { return events::to_canonical_json(state_); }

  std::size_t memory_bytes() const override { return sizeof(*this) + Rules::memory_bytes(state_); }

  std::uint32_t schema_version() const override { return state_type::schema_version; }

  const void* state_of(events::entity_kind kind) const override { return events::base_of(kind) == Rules::kind ? &state_ : nullptr; }

private:
  state_type state_;
};

} // namespace reverie::actors
