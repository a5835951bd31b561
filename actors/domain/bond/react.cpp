#include "actors/domain/bond/react.hpp"

namespace reverie::actors::bond {

reaction react(const state&, const events::event& happened, const events::event_context& context) {
  const auto* opened = std::get_if<events::bond::conversation_opened>(&happened);
  if (opened == nullptr) return {};
  const events::entity_address target{{events::entity_kind::session, opened->session.value}, opened->user.value};
  session::open open{opened->user, opened->character, opened->card_version, opened->greeting};
  return {{{delivery_of(context.entity.entity, context.sequence, 0), deliver_command{target, session::command{std::move(open)}}}}, {}};
}

} // namespace reverie::actors::bond
