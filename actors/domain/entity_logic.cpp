#include "actors/domain/entity_logic.hpp"

#include "actors/domain/bond/decide.hpp"
#include "actors/domain/bond/evolve.hpp"
#include "actors/domain/bond/react.hpp"
#include "actors/domain/character/decide.hpp"
#include "actors/domain/character/evolve.hpp"
#include "actors/domain/character/react.hpp"
#include "actors/domain/session/decide.hpp"
#include "actors/domain/session/evolve.hpp"
#include "actors/domain/session/react.hpp"
#include "actors/domain/state_size.hpp"
#include "actors/domain/typed_entity.hpp"
#include "actors/domain/user/decide.hpp"
#include "actors/domain/user/evolve.hpp"
#include "actors/domain/user/react.hpp"

#include <memory>

namespace reverie::actors {
namespace {

struct user_rules {
  using state = user::state;
  using command = user::command;
  static constexpr auto kind = events::entity_kind::user;
  static constexpr auto decide = &user::decide;
  static constexpr auto evolve = &user::evolve;
  static constexpr auto react = &user::react;
  static std::size_t memory_bytes(const state& now) { return size_of_state(now); }
};

struct session_rules {
  using state = session::state;
  using command = session::command;
  static constexpr auto kind = events::entity_kind::session;
  static constexpr auto decide = &session::decide;
  static constexpr auto evolve = &session::evolve;
  static constexpr auto react = &session::react;
  static std::size_t memory_bytes(const state& now) { return size_of_state(now); }
};

struct character_rules {
  using state = character::state;
  using command = character::command;
  static constexpr auto kind = events::entity_kind::character;
  static constexpr auto decide = &character::decide;
  static constexpr auto evolve = &character::evolve;
  static constexpr auto react = &character::react;
  static std::size_t memory_bytes(const state& now) { return size_of_state(now); }
};

struct bond_rules {
  using state = bond::state;
  using command = bond::command;
  static constexpr auto kind = events::entity_kind::bond;
  static constexpr auto decide = &bond::decide;
  static constexpr auto evolve = &bond::evolve;
  static constexpr auto react = &bond::react;
  static std::size_t memory_bytes(const state& now) { return size_of_state(now); }
};

} // namespace

std::unique_ptr<entity_logic> make_entity_logic(events::entity_kind kind) {
  switch (events::base_of(kind)) {
  case events::entity_kind::user: return std::make_unique<typed_entity<user_rules>>();
  case events::entity_kind::session: return std::make_unique<typed_entity<session_rules>>();
  case events::entity_kind::character: return std::make_unique<typed_entity<character_rules>>();
  case events::entity_kind::bond: return std::make_unique<typed_entity<bond_rules>>();
  case events::entity_kind::workspace:
  case events::entity_kind::job:
  case events::entity_kind::forked_session:
  case events::entity_kind::forked_bond:
  case events::entity_kind::partition: break;
  }
  REVERIE_ASSERT(false, "this kind of entity takes no commands");
  std::unreachable();
}

events::user_id sealed_for(const events::entity_address& address, const entity_logic& logic, const any_command* command) {
  switch (events::base_of(address.entity.kind)) {
  case events::entity_kind::user: return {address.entity.id};
  case events::entity_kind::session:
  case events::entity_kind::bond: return {address.slice_key};
  case events::entity_kind::character: break;
  case events::entity_kind::workspace:
  case events::entity_kind::job:
  case events::entity_kind::forked_session:
  case events::entity_kind::forked_bond:
  case events::entity_kind::partition: return {};
  }
  const auto* state = static_cast<const character::state*>(logic.state_of(events::entity_kind::character));
  if (state != nullptr && state->created) return state->owner.value_or(events::user_id{});
  const auto* asked = command == nullptr ? nullptr : std::get_if<character::command>(command);
  const auto* create = asked == nullptr ? nullptr : std::get_if<character::create_character>(asked);
  return create == nullptr ? events::user_id{} : create->owner.value_or(events::user_id{});
}

} // namespace reverie::actors
